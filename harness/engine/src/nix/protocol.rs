//! The lines that go to a worker, and its answers.
//!
//! A request is three lines:
//!
//! ```text
//! np.option [ "a" "b" ] true h 17
//! )
//! builtins.trace "MARKER 17 done" null
//! ```
//!
//! The first one traces the answer, or fails with an error message. The second
//! is a syntax error on purpose: an evaluation that dies of `unexpected end of
//! file` in some file makes older versions of Nix take the next lines as the rest
//! of the first, and a stray parenthesis ends that state. Its own message stands
//! at line 2 of the input in that case and at line 1 otherwise, so the case is
//! seen. The third one says that everything about the request has been said.

use nix_parity_core::demand::Demand;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::{Missing, Observation};
use nix_parity_core::option_path::{OptionPath, nix_string};
use nix_parity_core::value::Value;

use crate::json;

use super::request::{EVAL_FILE, Request, Subject, VARIANT_FILE};

/// The text of the part that runs inside Nix.
pub const PRELUDE: &str = include_str!("prelude.nix");

/// The line that loads the prelude.
pub(super) fn load_prelude(marker: &str) -> String {
    format!(
        "np = import {} {}",
        to_file("nix-parity.nix", PRELUDE),
        string(marker)
    )
}

/// The line that binds the host. Nothing of it is evaluated yet.
pub(super) fn bind_host(host: &Host) -> String {
    format!(
        "h = np.host {} {} {}.{}",
        string(&host.name),
        string(host.platform.name()),
        host.platform.flake_output(),
        attribute(&host.name)
    )
}

/// The line that binds variant number `n`.
pub(super) fn bind_variant(n: usize, label: &str, module: &str) -> String {
    format!(
        "h{n} = np.variant h {} (import {})",
        string(label),
        to_file(VARIANT_FILE, module)
    )
}

/// The line that asks. `host` is the name that the host or variant is bound to.
pub(super) fn ask(id: u64, host: &str, request: &Request) -> String {
    match &request.subject {
        Subject::Option { path, demand } => {
            format!(
                "np.option {} {} {host} {id}",
                list(path),
                nix_demand(demand)
            )
        }
        Subject::Eval { expression, demand } => {
            let demand = nix_demand(demand);
            let file = to_file(EVAL_FILE, expression);
            format!("np.eval (import {file}) {demand} {host} {id}")
        }
        Subject::Driver { expression } => {
            let file = to_file(EVAL_FILE, expression);
            format!("np.eval (import {file} nixosConfigurations) {{ }} {host} {id}")
        }
        // What is counted is counted elsewhere; here its dependencies become known.
        Subject::Toplevel | Subject::Graph { of: None, .. } | Subject::Counters => {
            format!("np.toplevel {host} {id}")
        }
        Subject::Graph { of: Some(path), .. } => {
            format!("np.derivation {} {host} {id}", list(path))
        }
        Subject::Build { of: None, .. } => format!("np.buildSystem {host} {id}"),
        Subject::Build { of: Some(path), .. } => format!("np.build {} {host} {id}", list(path)),
        Subject::File { path } => format!("np.file {} {host} {id}", string(path)),
        Subject::FailedAssertions => format!("np.failedAssertions {host} {id}"),
        Subject::Warnings => format!("np.warnings {host} {id}"),
        Subject::Origins { path } => format!("np.origins {} {host} {id}", list(path)),
        Subject::Settings { from, to } => format!("np.settings {from} {to} {host} {id}"),
        Subject::Homes => format!("np.homes {host} {id}"),
        Subject::OptionName { number } => format!("np.optionName {number} {host} {id}"),
        Subject::SettingAt { path } => format!("np.settingAt {} {host} {id}", list(path)),
        Subject::About { path } => format!("np.about {} {host} {id}", list(path)),
        Subject::Contributions => format!("np.contributions {host} {id}"),
        Subject::Programs => format!("np.programs {host} {id}"),
        Subject::System => format!("np.system {host} {id}"),
    }
}

/// The line that asks for the names of a platform's hosts.
pub(super) fn ask_hosts(id: u64, platform: Platform) -> String {
    format!("np.hosts {} {id}", platform.flake_output())
}

/// The line that ends whatever state the one before has left.
pub(super) const RESET: &str = ")";

/// The line that says that everything about a request has been said.
pub(super) fn done(marker: &str, id: u64) -> String {
    format!(
        "builtins.trace {} null",
        string(&format!("{marker} {id} done"))
    )
}

/// A demand as the prelude takes it.
fn nix_demand(demand: &Demand) -> String {
    match demand {
        Demand::Shape => "{ }".to_owned(),
        Demand::Full { paths } => format!("{{ full = true; paths = {paths}; }}"),
        Demand::Each(each) => format!("{{ each = {}; }}", nix_demand(each)),
        Demand::Members(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, demand)| format!("{} = {};", attribute(name), nix_demand(demand)))
                .collect();
            format!("{{ members = {{ {} }}; }}", members.join(" "))
        }
    }
}

fn list(path: &OptionPath) -> String {
    let segments: Vec<_> = path.segments().iter().map(|s| string(s)).collect();
    format!("[ {} ]", segments.join(" "))
}

/// An expression for a file with this content. A file, since its syntax errors
/// then are evaluation errors of one request with a place of their own.
fn to_file(name: &str, content: &str) -> String {
    format!("(builtins.toFile {} {})", string(name), string(content))
}

/// An expression for this text on one line. Nix reads its input through a line
/// editor, to which control characters are commands, so those that no string of Nix
/// has an escape for are spelled in JSON.
fn string(text: &str) -> String {
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if !text.contains(is_command) {
        return nix_string(text);
    }
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    let json: String = text.chars().map(escape).collect();
    format!("(builtins.fromJSON {})", nix_string(&format!("\"{json}\"")))
}

/// The same as the name of an attribute.
fn attribute(name: &str) -> String {
    let expression = string(name);
    if expression.starts_with('"') {
        expression
    } else {
        format!("${{{expression}}}")
    }
}

/// What a trace says about a request, if it is one of ours.
#[derive(Debug, PartialEq)]
pub(crate) enum Reply {
    /// The answer.
    Answer(Box<Observation>),
    /// The answer cannot be read: a mistake of ours.
    Unreadable(String),
    /// The end of everything about the request.
    Done,
}

/// Reads a trace; `None` when it is not about this request.
pub(crate) fn reply(marker: &str, id: u64, trace: &str) -> Option<Reply> {
    let rest = trace.strip_prefix(marker)?.strip_prefix(' ')?;
    let (number, rest) = rest.split_once(' ')?;
    if number.parse() != Ok(id) {
        return None;
    }
    if rest == "done" {
        return Some(Reply::Done);
    }
    let (tag, text) = rest.split_once(' ')?;
    let observation = match tag {
        "value" => json::read::<Value>(text.as_bytes()).map(Observation::Value),
        "missing" => json::read::<Missing>(text.as_bytes()).map(Observation::Missing),
        _ => return None,
    };
    Some(match observation {
        Ok(observation) => Reply::Answer(Box::new(observation)),
        Err(error) => Reply::Unreadable(error.to_string()),
    })
}

/// What the message about [`RESET`] shows: whether the request was still being read.
pub(super) fn was_incomplete(reset_message: &str) -> bool {
    const START: &str = "«string»:1:1";
    let is_start = |(at, _): (usize, &str)| {
        let behind = reset_message.get(at + START.len()..).unwrap_or_default();
        !behind.starts_with(|c: char| c.is_ascii_digit())
    };
    !reset_message.match_indices(START).any(is_start)
}

#[cfg(test)]
mod tests {
    use super::{Reply, ask, reply, was_incomplete};
    use crate::nix::request::{Request, Subject};
    use nix_parity_core::demand::Demand;
    use nix_parity_core::observation::Observation;
    use nix_parity_core::option_path::OptionPath;
    use nix_parity_core::value::Value;

    #[test]
    fn a_request_is_one_line_whatever_it_holds() {
        let path = OptionPath::from_segments(vec!["a\"${x}\n".into(), "b".into()]).unwrap();
        for subject in [
            Subject::Option {
                path: path.clone(),
                demand: Demand::Members([("x\n\u{1b}".to_owned(), Demand::Shape)].into()),
            },
            Subject::Origins { path },
            Subject::Eval {
                expression: "{ ... }:\n''a${\"b\"}\u{1}\u{7f}\u{9b}''".into(),
                demand: Demand::Full { paths: true },
            },
        ] {
            let line = ask(1, "h", &Request::of_host(subject));
            assert!(!line.contains(char::is_control), "{line}");
        }
    }

    #[test]
    fn a_request_was_read_to_its_end_where_the_next_line_is_the_first() {
        for (place, incomplete) in [
            ("1:1", false),
            ("1:11", true),
            ("1:10", true),
            ("2:1", true),
            ("11:1", true),
        ] {
            let message =
                format!("error: syntax error, unexpected ')'\n       at «string»:{place}:\n");
            assert_eq!(was_incomplete(&message), incomplete, "{place}");
        }
        assert!(!was_incomplete("error: syntax error at «string»:1:1"));
    }

    #[test]
    fn only_our_own_traces_are_answers() {
        let value = |v| Some(Reply::Answer(Box::new(Observation::Value(v))));
        assert_eq!(
            reply("m", 7, "m 7 value [1]"),
            value(Value::List(vec![Value::Int(1)]))
        );
        assert_eq!(reply("m", 7, "m 7 done"), Some(Reply::Done));
        for trace in [
            "m 8 done",
            "x 7 done",
            "m7 done",
            "m 7",
            "m 7 other {}",
            "m",
            "",
        ] {
            assert_eq!(reply("m", 7, trace), None, "{trace}");
        }
        assert!(matches!(
            reply("m", 7, "m 7 value {"),
            Some(Reply::Unreadable(_))
        ));
    }
}
