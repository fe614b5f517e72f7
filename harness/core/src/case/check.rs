//! What a case looks at: exactly one kind of check.

use super::expect::Expectations;
use super::nix_text::NixText;
use super::scope::{HostNames, Scoped};
use super::snapshot::SnapshotCheck;
use crate::host::Host;
use crate::location::{Located, Location};
use crate::matcher::{Matcher, parse_expected, parse_text_pattern};
use crate::yaml::{Key, Mapping, Node, Reader};

/// What a case looks at.
#[derive(Clone, Debug)]
pub enum Check {
    /// Values of options.
    Expect(Expectations),
    /// The value of an expression.
    Eval(EvalCheck),
    /// That evaluation is refused.
    Throws(ThrowsCheck),
    /// That the configuration warns.
    Warns(Located<Matcher>),
    /// That something is what was accepted before.
    Snapshot(SnapshotCheck),
}

/// `eval` with `is` or `is_on`.
#[derive(Clone, Debug)]
pub struct EvalCheck {
    /// A function of `{ config, options, pkgs, lib, host, ... }`.
    pub expression: NixText,
    /// What its result must be.
    pub is: Scoped<Located<Matcher>>,
}

/// `throws`.
#[derive(Clone, Debug)]
pub struct ThrowsCheck {
    /// What is evaluated; the host's toplevel where absent.
    pub subject: Option<NixText>,
    /// How it must be refused.
    pub pattern: ThrowsPattern,
    /// Where the pattern is written.
    pub location: Location,
}

/// How an evaluation must be refused.
#[derive(Clone, Debug)]
pub enum ThrowsPattern {
    /// With an error whose message satisfies this.
    Message(Matcher),
    /// By one of the host's `assertions`, whose message satisfies this.
    Assertion(Matcher),
}

impl Check {
    /// Whether there is anything to look at on this host.
    pub fn applies_to(&self, host: &Host) -> bool {
        match self {
            Self::Expect(expectations) => expectations.scopes.for_host(host).is_some(),
            Self::Eval(eval) => eval.is.for_host(host).is_some(),
            Self::Throws(_) | Self::Warns(_) | Self::Snapshot(_) => true,
        }
    }

    /// Hosts that are named inside the check, and where.
    pub fn host_names(&self) -> &[(String, Location)] {
        static NONE: HostNames = Vec::new();
        match self {
            Self::Expect(expectations) => &expectations.scopes.names,
            Self::Eval(eval) => &eval.is.names,
            Self::Throws(_) | Self::Warns(_) | Self::Snapshot(_) => &NONE,
        }
    }

    /// Reads the check of a case.
    pub(super) fn parse(reader: &Reader<'_>, case: &Node, mapping: Mapping<'_>) -> Option<Self> {
        let (expect, eval) = (mapping.get("expect"), mapping.get("eval"));
        let (throws, warns) = (mapping.get("throws"), mapping.get("warns"));
        let result_key = mapping.entry("is").or_else(|| mapping.entry("is_on"));
        if let (Some(entry), None) = (result_key, eval) {
            reader.report(reader.error(entry.key, format!("`{}` without `eval`", entry.name)));
            return None;
        }
        if let Some(entry) = mapping.entry("snapshot") {
            return parse_snapshot(reader, case, mapping, entry.value);
        }
        match (expect, eval, throws, warns) {
            (Some(node), None, None, None) => Expectations::parse(reader, node).map(Self::Expect),
            (None, Some(node), None, None) => {
                parse_eval(reader, case, node, mapping).map(Self::Eval)
            }
            (None, subject, Some(node), None) if result_key.is_none() => {
                parse_throws(reader, subject, node).map(Self::Throws)
            }
            (None, None, None, Some(node)) => {
                parse_text_pattern(reader, node, "`warns`").map(|value| {
                    Self::Warns(Located {
                        value,
                        location: reader.location(node),
                    })
                })
            }
            (None, None, None, None) => {
                reader.report(
                    reader.error(case, "a case that looks at nothing").note(
                        "a case has one of `expect`, `eval`, `throws`, `warns` or `snapshot`",
                    ),
                );
                None
            }
            _ => {
                report_several(reader, case);
                None
            }
        }
    }
}

fn report_several(reader: &Reader<'_>, case: &Node) {
    reader.report(
        reader
            .error(case, "a case with more than one kind of check")
            .note("a case has one of `expect`, `eval` with `is`, `throws`, `warns` or `snapshot`; split it"),
    );
}

fn parse_snapshot(
    reader: &Reader<'_>,
    case: &Node,
    mapping: Mapping<'_>,
    node: &Node,
) -> Option<Check> {
    let others = ["expect", "eval", "throws", "warns"];
    if others.iter().any(|other| mapping.get(other).is_some()) {
        report_several(reader, case);
        return None;
    }
    if let Some(entry) = mapping.entry("expected_failure") {
        reader.report(
            reader
                .error(entry.key, "a snapshot that is expected to fail")
                .note("a snapshot is what there is: accept it, or take the case away"),
        );
        return None;
    }
    SnapshotCheck::parse(reader, node).map(Check::Snapshot)
}

fn parse_eval(
    reader: &Reader<'_>,
    case: &Node,
    node: &Node,
    mapping: Mapping<'_>,
) -> Option<EvalCheck> {
    let expression = NixText::parse(reader, node, "`eval`")?;
    let item = |node: &Node| {
        parse_expected(reader, node).map(|value| Located {
            value,
            location: reader.location(node),
        })
    };
    let is = match (mapping.get("is"), mapping.get("is_on")) {
        (Some(node), None) => Scoped {
            common: Some(item(node)?),
            ..Scoped::default()
        },
        (None, Some(node)) => Scoped::parse(reader, node, "`is_on`", item)?,
        (Some(_), Some(_)) => {
            reader.report(
                reader
                    .error(case, "a case with both `is` and `is_on`")
                    .note("`is_on: { common: …, darwin: … }` says both"),
            );
            return None;
        }
        (None, None) => {
            reader.report(reader.error(case, "`eval` without `is`").note(
                "say what the result must be: `is: true`, or `is_on: { darwin: …, nixos: … }`",
            ));
            return None;
        }
    };
    Some(EvalCheck { expression, is })
}

/// The keys of `throws`.
pub(super) const THROWS: &[Key] = &[
    Key {
        name: "matches",
        doc: "A regular expression that is found in the error message.",
        schema: || serde_json::json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "message",
        doc: "A text that the error message contains, or matchers for it.",
        schema: || serde_json::json!({"$ref": "#/$defs/text"}),
    },
    Key {
        name: "assertion",
        doc: "A text that the message of a failing assertion contains, or matchers for it.",
        schema: || serde_json::json!({"$ref": "#/$defs/text"}),
    },
];

fn parse_throws(reader: &Reader<'_>, subject: Option<&Node>, node: &Node) -> Option<ThrowsCheck> {
    let mapping = reader.mapping(node, "`throws`", THROWS)?;
    let subject = match subject {
        None => None,
        Some(node) => Some(NixText::parse(reader, node, "`eval`")?),
    };
    let entries: Vec<_> = mapping.entries().collect();
    let [entry] = entries.as_slice() else {
        reader.report(reader.error(
            node,
            "`throws` takes one of `matches`, `message` or `assertion`",
        ));
        return None;
    };
    let pattern = match entry.name {
        "assertion" => {
            if subject.is_some() {
                reader.report(
                    reader.error(entry.key, "`assertion` looks at the host, not at an `eval`"),
                );
                return None;
            }
            ThrowsPattern::Assertion(parse_text_pattern(reader, entry.value, "`assertion`")?)
        }
        "message" => ThrowsPattern::Message(parse_text_pattern(reader, entry.value, "`message`")?),
        // `{ matches: … }` is a matcher by itself.
        "matches" => ThrowsPattern::Message(parse_expected(reader, node)?),
        _ => return None,
    };
    Some(ThrowsCheck {
        subject,
        pattern,
        location: reader.location(entry.key),
    })
}
