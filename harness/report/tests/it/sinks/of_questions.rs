//! What is explained, looked at and refused, and everything that is made of it.

use std::collections::BTreeMap;

use nix_parity_core::comparison::{Change, Setting};
use nix_parity_core::coverage::{self, Coverage, UnseenModule, UnseenOption};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::explanation::{DerivationExplanation, Fate, OptionExplanation, OptionOnHost};
use nix_parity_core::location::Location;
use nix_parity_core::outcome::OriginRole;
use nix_parity_report::{
    coverage, derivation_explanation, diagnostics, option_explanation, review,
};
use serde_json::Value;

use crate::samples::origin;

use super::documents::{STYLE, Sink, read, text};

pub(super) fn option() -> OptionExplanation {
    let host = |name: &str, value: Setting| OptionOnHost {
        host: name.to_owned(),
        declared: true,
        value,
        origins: vec![origin(
            OriginRole::Definition,
            "modules/a.nix",
            3,
            Some("true"),
        )],
        priority: Some(50),
        kind: Some("boolean".to_owned()),
        declarations: vec![Location::point("<nixpkgs>/a.nix", 4, 1)],
    };
    let absent = OptionOnHost {
        declared: false,
        ..host("air", Setting::Unset)
    };
    OptionExplanation {
        path: "services.a.enable".to_owned(),
        hosts: vec![
            host("pc", Setting::Value("true".to_owned())),
            host("server", Setting::Failed("attribute missing".to_owned())),
            absent,
        ],
    }
}

pub(super) fn render_option(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: OptionExplanation = read(value)?;
    let shown = text(|out| option_explanation(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("explain"), shown)])
}

pub(super) fn derivations() -> Vec<DerivationExplanation> {
    let changes = || {
        vec![Change {
            what: "env.text".to_owned(),
            old: Some("a\nb".to_owned()),
            new: Some("a\nc".to_owned()),
        }]
    };
    let with = |fate| DerivationExplanation {
        name: "sshd.conf".to_owned(),
        path: "/nix/store/x-sshd.conf.drv".to_owned(),
        host: "pc".to_owned(),
        chain: ["nixos-system-pc", "etc", "sshd.conf"]
            .map(str::to_owned)
            .to_vec(),
        fate,
    };
    vec![
        with(None),
        with(Some(Fate::Added)),
        with(Some(Fate::Cause { changes: changes() })),
        with(Some(Fate::Follows {
            chain: vec!["settings".to_owned()],
            changes: changes(),
        })),
    ]
}

pub(super) fn render_derivation(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Vec<DerivationExplanation> = read(value)?;
    let shown = text(|out| {
        let mut each = found.iter();
        each.try_for_each(|one| derivation_explanation(one, out, &STYLE))
    });
    Some(vec![(Sink::Terminal("explain --derivation"), shown)])
}

pub(super) fn problems() -> Vec<Diagnostic> {
    let at = Location {
        length: 4,
        ..Location::point("cases/shell.yaml", 9, 3)
    };
    let problem = Diagnostic::new("unknown host").at(at, Some("  pc: server".to_owned()));
    vec![
        problem
            .label("there is pc")
            .note("a selection that can never match"),
        Diagnostic::new("cannot be read"),
    ]
}

pub(super) fn render_problems(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Vec<Diagnostic> = read(value)?;
    let shown = text(|out| diagnostics(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("wrong input"), shown)])
}

/// The strings of what is no record of its own, in the order of their names.
pub(super) fn strings<const N: usize>(value: &Value) -> Option<[String; N]> {
    let strings: BTreeMap<String, String> = read(value)?;
    strings.into_values().collect::<Vec<_>>().try_into().ok()
}

pub(super) fn render_coverage(value: &Value) -> Option<Vec<(Sink, String)>> {
    let [root, label, path, file, unused, missing] = strings(value)?;
    let found = Coverage {
        format: coverage::FORMAT,
        roots: vec![root],
        options: 9,
        looked_at: 4,
        places: vec![coverage::Place {
            label: label.clone(),
            options: 9,
            looked_at: 4,
        }],
        unseen: vec![UnseenOption {
            path,
            places: vec![label],
            files: vec![file.clone()],
        }],
        modules: vec![UnseenModule { file, options: 2 }],
        unevaluated: Some(vec![unused]),
        missing: vec![missing],
    };
    let shown = text(|out| coverage(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("coverage"), shown)])
}

pub(super) fn render_review(value: &Value) -> Option<Vec<(Sink, String)>> {
    let [name, old, new] = strings(value)?;
    let shown = text(|out| {
        review(&name, Some(&old), &new, out, &STYLE)?;
        review(&name, None, &new, out, &STYLE)
    });
    Some(vec![(Sink::Terminal("review"), shown)])
}
