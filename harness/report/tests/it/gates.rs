//! Gates, as text.

use nix_parity_core::comparison::{Closure, Comparison, Derivations, OptionChange, Setting};
use nix_parity_core::gate::{
    Action, Against, Cases, Effect, FORMAT, Gate, Tested, Thing, Unknown, Verification,
};
use nix_parity_core::host::Platform;
use nix_parity_core::outcome::Summary;
use nix_parity_report::{Style, gate, verification};

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

fn option(path: &str, old: &str, new: &str) -> OptionChange {
    OptionChange {
        path: path.to_owned(),
        old: Setting::Value(old.to_owned()),
        new: Setting::Value(new.to_owned()),
        origins: Vec::new(),
        derived: false,
        causes: Vec::new(),
    }
}

pub(crate) fn tested() -> Tested {
    Tested {
        derivation: "/nix/store/x.drv".to_owned(),
        output: Some("/nix/store/x".to_owned()),
        built: true,
    }
}

pub(crate) fn sample() -> Gate {
    Gate {
        format: FORMAT,
        host: "macbook-air".to_owned(),
        platform: Platform::Darwin,
        cases: Cases {
            summary: Summary {
                passed: 83,
                skipped: 1,
                ..Summary::default()
            },
            recalled: 81,
            evidence_age: Some(125),
            failures: Vec::new(),
        },
        tested: Some(tested()),
        against: Against::Running {
            name: "/run/current-system".to_owned(),
            path: "/nix/store/old".to_owned(),
            generation: Some(141),
            same: false,
        },
        comparison: Some(Comparison {
            format: 2,
            old: "old".to_owned(),
            new: "new".to_owned(),
            options: Some(vec![
                option("system.defaults.dock.autohide", "false", "true"),
                option("a.long\u{1b}[31m", &"x".repeat(200), "y"),
            ]),
            derivations: Some(Derivations {
                followers: 14,
                ..Derivations::default()
            }),
            closure: Some(Closure {
                built: true,
                growth: Some(1_258_291),
                removed: vec!["alfred-5".to_owned()],
                ..Closure::default()
            }),
            notes: Vec::new(),
            unknown: vec!["not compared: x\nmore".to_owned()],
        }),
        effects: vec![
            Effect::new(Action::Zap, Thing::Cask, "alfred")
                .because("onActivation.cleanup = \"zap\""),
            Effect::new(Action::Stop, Thing::Unit, "b.service"),
            Effect::new(Action::Restart, Thing::Agent, "org.nixos.sync"),
            Effect::new(Action::Restart, Thing::Agent, "::error::\u{202e}"),
            Effect::new(Action::Restart, Thing::Agent, "own").of_user("lars"),
        ],
        unknown: vec![
            Unknown::new("units: no"),
            Unknown::foreign(
                "its answer is not understood",
                ["Would reset:\u{1b}[2J", "::error::x"],
            ),
        ],
        aborts: vec!["the switch would abort: cask alfred".to_owned()],
        notes: vec!["said".to_owned()],
    }
}

#[test]
fn a_gate_fits_on_a_screen() {
    let shown = text(|out| gate(&sample(), out, &Style::plain(100)).unwrap());
    insta::assert_snapshot!(shown);
    let mut same = sample();
    if let Against::Running { same, .. } = &mut same.against {
        *same = true;
    }
    let shown = text(|out| gate(&same, out, &Style::plain(100)).unwrap());
    assert!(shown.contains("the running system (generation 141) is what was tested\n"));
    // What Homebrew removes is told where nothing else changes, too.
    assert!(
        shown.contains("the switch will   zap cask alfred"),
        "{shown}"
    );
    assert!(!shown.contains("options"), "{shown}");
    same.effects.clear();
    same.unknown.clear();
    let shown = text(|out| gate(&same, out, &Style::plain(100)).unwrap());
    assert!(!shown.contains("the switch will   "), "{shown}");
    let mut failed = sample();
    failed.tested = None;
    failed.cases.summary.failed = 2;
    let shown = text(|out| gate(&failed, out, &Style::plain(100)).unwrap());
    assert!(shown.starts_with("macbook-air: 83 of 86 cases pass, 2 failed, 1 skipped"));
    assert!(!shown.contains("against"), "{shown}");
}

#[test]
fn what_runs_is_or_is_not_what_was_tested() {
    let mut found = Verification {
        format: FORMAT,
        host: "pc".to_owned(),
        tested: tested(),
        age: 7_200,
        name: "/run/current-system".to_owned(),
        running: "/nix/store/y".to_owned(),
        same: false,
        comparison: None,
        notes: vec!["it is not known what made it".to_owned()],
    };
    let show =
        |found: &Verification| text(|out| verification(found, out, &Style::plain(100)).unwrap());
    assert_eq!(
        show(&found),
        "pc: what runs is not what was tested (2 hours ago)\n  tested   /nix/store/x\n  running  /nix/store/y\n  it is not known what made it\n"
    );
    found.same = true;
    assert_eq!(
        show(&found),
        "pc: what runs is what was tested (2 hours ago)\n"
    );
}
