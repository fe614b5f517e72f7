//! That the configuration does not contradict itself.

use nix_parity_core::yaml::Yaml;

use super::{Facts, Ground};
use crate::init::draft::{Check, Draft, Suite};

const ASSERTIONS: &str =
    "{ config, lib, ... }: map (a: a.message) (lib.filter (a: !a.assertion) config.assertions)";

const WARNINGS: &str = "{ config, ... }: map toString config.warnings";

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    let values = |what: &str, of: fn(&Facts) -> &Option<Vec<String>>| {
        let path = vec![what.to_owned()];
        let open = ground.facts().filter(|(n, ..)| !ground.is_seen(*n, &path));
        let values = open.filter_map(|(n, _, facts)| Some((n, messages(of(facts).as_ref()?))));
        values.collect::<Vec<_>>()
    };
    let case = |name: &str, why: &str, expression, values: Vec<(usize, Yaml)>| {
        (!values.is_empty()).then(|| Draft {
            name: name.to_owned(),
            why: why.to_owned(),
            hosts: values.iter().map(|(n, _)| *n).collect(),
            check: Check::Eval(expression, values),
        })
    };
    // What fails already is for the configuration to mend, not for a case to keep.
    let mut failing = values("assertions", |facts| &facts.failing);
    failing.retain(|(_, messages)| *messages == Yaml::List(Vec::new()));
    let assertions = case(
        "no assertion fails",
        "A build would stop at it; here it is known before anything is built, for the Mac too.",
        ASSERTIONS,
        failing,
    );
    let warnings = case(
        "no new warning",
        "Options that are renamed or going away are announced in warnings, which scroll past in a switch.",
        WARNINGS,
        values("warnings", |facts| &facts.warnings),
    );
    Suite {
        name: "health",
        about: "That no configuration contradicts itself.",
        cases: assertions.into_iter().chain(warnings).collect(),
    }
}

/// These messages, in any order.
fn messages(texts: &[String]) -> Yaml {
    let list = Yaml::texts(texts.iter().map(String::as_str));
    if texts.is_empty() {
        list
    } else {
        Yaml::map([("set_equals", list)])
    }
}
