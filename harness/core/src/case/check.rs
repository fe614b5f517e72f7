//! What a case looks at: exactly one kind of check.

use super::budget::BudgetCheck;
use super::build::BuildCheck;
use super::expect::Expectations;
use super::kind::CheckKind;
use super::nix_text::NixText;
use super::parity::{PackageParityCheck, ParityCheck};
use super::reuse::ReuseCheck;
use super::scope::{HostNames, Scoped};
use super::snapshot::SnapshotCheck;
use super::tree::TreeCheck;
use super::vm::VmCheck;
use crate::host::{Host, Platform};
use crate::location::{Located, Location};
use crate::matcher::{Matcher, parse_expected, parse_text_pattern};
use crate::yaml::{Entry, Key, Mapping, Node, Reader};

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
    /// How much work the evaluation is.
    Budget(BudgetCheck),
    /// What a derivation is when it is built.
    Build(BuildCheck),
    /// That hosts have the same values.
    Parity(ParityCheck),
    /// That hosts have the same programs.
    PackageParity(PackageParityCheck),
    /// How much of the configuration hosts share.
    Reuse(ReuseCheck),
    /// Which files there are.
    Tree(TreeCheck),
    /// What a running machine does.
    Vm(Box<VmCheck>),
}

/// What tests a check makes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach<'c> {
    /// One for each host.
    EachHost,
    /// One for all hosts of these platforms together.
    Across(&'c [Platform]),
    /// One that looks at no host.
    NoHost,
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
            Self::Throws(_)
            | Self::Warns(_)
            | Self::Snapshot(_)
            | Self::Budget(_)
            | Self::Build(_) => true,
            Self::Vm(_) => host.platform == Platform::Nixos,
            Self::Parity(_) | Self::PackageParity(_) | Self::Reuse(_) | Self::Tree(_) => {
                match self.reach() {
                    Reach::Across(platforms) => platforms.contains(&host.platform),
                    Reach::EachHost | Reach::NoHost => false,
                }
            }
        }
    }

    /// What tests it makes.
    pub fn reach(&self) -> Reach<'_> {
        match self {
            Self::Expect(_)
            | Self::Eval(_)
            | Self::Throws(_)
            | Self::Warns(_)
            | Self::Snapshot(_)
            | Self::Budget(_)
            | Self::Build(_)
            | Self::Vm(_) => Reach::EachHost,
            Self::Parity(check) => Reach::Across(&check.across),
            Self::PackageParity(check) => Reach::Across(&check.across),
            Self::Reuse(check) => Reach::Across(&check.between),
            Self::Tree(_) => Reach::NoHost,
        }
    }

    /// Hosts that are named inside the check, and where.
    pub fn host_names(&self) -> &[(String, Location)] {
        static NONE: HostNames = Vec::new();
        match self {
            Self::Expect(expectations) => &expectations.scopes.names,
            Self::Eval(eval) => &eval.is.names,
            Self::Throws(_)
            | Self::Warns(_)
            | Self::Snapshot(_)
            | Self::Budget(_)
            | Self::Build(_)
            | Self::Parity(_)
            | Self::PackageParity(_)
            | Self::Reuse(_)
            | Self::Tree(_)
            | Self::Vm(_) => &NONE,
        }
    }

    /// Reads the check of a case.
    pub(super) fn parse(reader: &Reader<'_>, case: &Node, mapping: Mapping<'_>) -> Option<Self> {
        let result_key = mapping.entry("is").or_else(|| mapping.entry("is_on"));
        if let (Some(entry), None) = (result_key, mapping.get("eval")) {
            reader.report(reader.error(entry.key, format!("`{}` without `eval`", entry.name)));
            return None;
        }
        let kinds: Vec<_> = mapping
            .entries()
            .filter(|entry| entry.name.parse::<CheckKind>().is_ok())
            .collect();
        let kind = match kinds.as_slice() {
            [kind] => *kind,
            // `throws` may say what is evaluated.
            [a, b] if (a.name, b.name) == ("eval", "throws") && result_key.is_none() => *b,
            [a, b] if (a.name, b.name) == ("throws", "eval") && result_key.is_none() => *a,
            [] => {
                let error = reader.error(case, "a case that looks at nothing");
                reader.report(error.note(format!("a case has one of {}", CheckKind::names())));
                return None;
            }
            _ => {
                let error = reader.error(case, "a case with more than one kind of check");
                let note = format!("a case has one of {}; split it", CheckKind::names());
                reader.report(error.note(note));
                return None;
            }
        };
        refuse_impossible(reader, mapping, kind)?;
        let node = kind.value;
        match kind.name {
            "expect" => Expectations::parse(reader, node).map(Self::Expect),
            "eval" => parse_eval(reader, case, node, mapping).map(Self::Eval),
            "throws" => parse_throws(reader, mapping.get("eval"), node).map(Self::Throws),
            "warns" => parse_text_pattern(reader, node, "`warns`").map(|value| {
                Self::Warns(Located {
                    value,
                    location: reader.location(node),
                })
            }),
            "snapshot" => SnapshotCheck::parse(reader, node).map(Self::Snapshot),
            "budget" => BudgetCheck::parse(reader, node).map(Self::Budget),
            "build" => BuildCheck::parse(reader, node).map(Self::Build),
            "parity" => ParityCheck::parse(reader, node).map(Self::Parity),
            "package_parity" => PackageParityCheck::parse(reader, node).map(Self::PackageParity),
            "reuse" => ReuseCheck::parse(reader, node).map(Self::Reuse),
            "tree" => TreeCheck::parse(reader, node).map(Self::Tree),
            "vm" => VmCheck::parse(reader, node).map(|vm| Self::Vm(Box::new(vm))),
            _ => None,
        }
    }
}

/// Reports what a kind of check cannot be combined with.
fn refuse_impossible(reader: &Reader<'_>, mapping: Mapping<'_>, kind: Entry<'_>) -> Option<()> {
    let refuse = |key: &str, message: &str, note: &str| match mapping.entry(key) {
        Some(entry) => {
            reader.report(reader.error(entry.key, message).note(note));
            None
        }
        None => Some(()),
    };
    match kind.name {
        "snapshot" => refuse(
            "expected_failure",
            "a snapshot that is expected to fail",
            "a snapshot is what there is: accept it, or take the case away",
        ),
        "budget" | "reuse" => refuse(
            "with",
            &format!("`{}` of a variant", kind.name),
            "it is measured on the hosts themselves",
        ),
        "tree" => {
            let note = "`tree` looks at files, not at hosts";
            refuse("with", "`tree` of a variant", note)?;
            refuse("hosts", "`tree` of hosts", note)
        }
        _ => Some(()),
    }
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
