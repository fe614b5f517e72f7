//! The records that reports are made of, by what makes them into text.

use nix_parity_report::Style;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::of_questions::{
    derivations, option, problems, render_coverage, render_derivation, render_option,
    render_problems, render_review,
};
use super::of_runs::{render_run, render_shards, render_watch, run};
use super::of_sides::{
    gate_of_all, history, render_diff, render_gate, render_history, render_ledger,
    render_verification, verified,
};
use crate::pages::{self, comparisons};

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sink {
    /// Lines for people, by what prints them.
    Terminal(&'static str),
    /// The same with colours.
    Coloured,
    /// The record.
    JsonLines,
    /// JUnit XML.
    Junit,
    /// The page.
    Html,
    /// Workflow commands.
    Annotations,
    /// Comments and summaries.
    Markdown(&'static str),
}

/// What each sink says of a value; nothing where it is no value of this kind.
type Render = fn(&Value) -> Option<Vec<(Sink, String)>>;

/// A record, and what becomes of it.
pub(super) struct Document {
    pub(super) what: &'static str,
    pub(super) record: Value,
    /// Everything that is made of it; nothing where it is no such record.
    pub(super) render: Render,
}

/// All of them.
pub(super) fn all() -> Vec<Document> {
    let say = str::to_owned;
    let document = |what, record, render| Document {
        what,
        record,
        render,
    };
    vec![
        document("run", json!(run()), render_run),
        document("shards", json!(run()), render_shards),
        document("diff", json!(comparisons(&say)), render_diff),
        document("ledger", json!(pages::gap(&say)), render_ledger),
        document("history", json!(history()), render_history),
        document("gate", json!(gate_of_all()), render_gate),
        document("verification", json!(verified()), render_verification),
        document("option", json!(option()), render_option),
        document("derivation", json!(derivations()), render_derivation),
        document("problems", json!(problems()), render_problems),
        document(
            "coverage",
            json!({
                "a root": "root", "b host": "pc", "c option": "a.b",
                "d file": "modules/a.nix", "e file": "unused.nix", "f missing": "missing",
            }),
            render_coverage,
        ),
        document(
            "review",
            json!({ "a name": "pc/a.snap", "b old": "old\n", "c new": "new\n" }),
            render_review,
        ),
        document(
            "watch",
            json!({ "a file": "modules/a.nix", "b folder": "/etc/nixos" }),
            render_watch,
        ),
    ]
}

pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

pub(super) fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) const STYLE: Style = Style::plain(80);
