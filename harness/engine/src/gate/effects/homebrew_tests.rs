//! What each value of `onActivation.cleanup` does, and the table of what a gate refuses by
//! the wording of Homebrew, by the value and by `--max-risk`.

use nix_parity_core::gate::{
    Action, Against, Cases, FORMAT, Gate, Refusal, Risk, Tested, Thing, Unknown,
};
use nix_parity_core::host::Platform;
use nix_parity_core::outcome::Summary;
use nix_parity_testkit::homebrew::WORDINGS;

use super::{Found, effects};
use crate::gate::services::{Answer, Brewfile, Cleanup, Homebrew};

fn homebrew(brewfile: &str, cleanup: Cleanup) -> Homebrew {
    Homebrew {
        enable: true,
        listed: Brewfile::read(brewfile),
        because: format!("onActivation.cleanup = {cleanup:?}"),
        cleanup,
        ..Homebrew::default()
    }
}

fn not_here(_: &Homebrew) -> Result<Answer, Unknown> {
    Err(Unknown::removals("not here"))
}

fn told(found: &Found) -> Vec<(Action, Thing, &str)> {
    let effects = found.effects.iter();
    effects
        .map(|e| (e.action, e.thing, e.name.as_str()))
        .collect()
}

const OLD: &str = "cask \"alfred\"\ncask \"kitty\"\nbrew \"jq\"\nmas \"Xcode\", id: 1\n";

#[test]
fn what_is_listed_no_more_goes_as_cleanup_says() {
    let old = homebrew(OLD, Cleanup::Keep);
    for (cleanup, cask, brew) in [
        (Cleanup::Keep, Action::Leave, Action::Leave),
        (Cleanup::Check, Action::Leave, Action::Leave),
        (Cleanup::Uninstall, Action::Uninstall, Action::Uninstall),
        (Cleanup::Zap, Action::Zap, Action::Uninstall),
    ] {
        // Apps go only where there are others that are listed.
        for (apps, app) in [("", Action::Leave), ("mas \"Pages\", id: 2\n", brew)] {
            let new = format!("cask \"kitty\"\n{apps}");
            let new = homebrew(&new, cleanup.clone());
            let found = effects(Some(&old), &new, &not_here);
            let mut expected = vec![
                (cask, Thing::Cask, "alfred"),
                (brew, Thing::Formula, "jq"),
                (app, Thing::App, "Xcode (1)"),
            ];
            if !apps.is_empty() {
                expected.push((Action::Install, Thing::App, "Pages (2)"));
            }
            assert_eq!(told(&found), expected, "{cleanup:?}");
            // Without Homebrew nobody says what else would go.
            assert_eq!(found.unknown.is_empty(), cleanup == Cleanup::Keep);
        }
    }
    let mut off = homebrew("", Cleanup::Zap);
    off.enable = false;
    assert_eq!(effects(Some(&old), &off, &not_here), Found::default());
}

#[test]
fn what_homebrew_says_is_what_happens() {
    let old = homebrew(OLD, Cleanup::Keep);
    let new = homebrew("cask \"kitty\"\nmas \"Pages\", id: 2\n", Cleanup::Zap);
    let says = |text: &'static str| {
        move |_: &Homebrew| Ok(Answer::of(text, "", Some(i32::from(!text.is_empty()))))
    };
    // It knows an app by another name and the same number.
    let text =
        "Would uninstall formulae:\nhtop\nWould uninstall Mac App Store apps:\nXcode 16 (1)\n";
    let found = effects(Some(&old), &new, &says(text));
    assert_eq!(
        told(&found),
        [
            (Action::Uninstall, Thing::Formula, "htop"),
            (Action::Uninstall, Thing::App, "Xcode 16 (1)"),
            (Action::Install, Thing::App, "Pages (2)"),
        ]
    );
    assert!(found.unknown.is_empty() && found.aborts.is_empty());
    // Before 5.1.14 it names no apps, and they stay.
    let found = effects(Some(&old), &new, &says(""));
    assert_eq!(told(&found)[0], (Action::Leave, Thing::App, "Xcode (1)"));
}

#[test]
fn a_value_that_is_not_known_and_lines_that_came_are_unknown() {
    let new = homebrew("", Cleanup::Unknown("\"purge\"".to_owned()));
    let found = effects(None, &new, &not_here);
    assert!(found.unknown[0].what.contains("purge") && found.unknown[0].needs_answer);
    let [old, new] = ["cask_args a\n", "cask_args b\n"].map(|t| homebrew(t, Cleanup::Keep));
    assert!(effects(Some(&old), &old, &not_here).unknown.is_empty());
    let found = effects(Some(&old), &new, &not_here);
    assert_eq!(found.unknown[0].text, ["cask_args a", "cask_args b"]);
}

/// A gate in front of which nothing else stands.
fn gate(found: Found) -> Gate {
    Gate {
        format: FORMAT,
        host: "air".to_owned(),
        platform: Platform::Darwin,
        cases: Cases {
            summary: Summary {
                passed: 1,
                ..Summary::default()
            },
            ..Cases::default()
        },
        tested: Some(Tested {
            derivation: "x.drv".to_owned(),
            output: None,
            built: false,
        }),
        against: Against::Nothing {
            why: "none".to_owned(),
        },
        comparison: None,
        effects: found.effects,
        unknown: found.unknown,
        aborts: found.aborts,
        notes: Vec::new(),
    }
}

const CLEANUPS: [Cleanup; 4] = [
    Cleanup::Keep,
    Cleanup::Check,
    Cleanup::Uninstall,
    Cleanup::Zap,
];

/// What is refused with `--yes` alone, and with each `--max-risk`.
fn refusals(text: &str, cleanup: &Cleanup) -> [&'static str; 4] {
    let new = homebrew("mas \"Pages\", id: 2\n", cleanup.clone());
    let gate = gate(effects(Some(&new), &new, &|_| {
        Ok(Answer::of(text, "", Some(1)))
    }));
    [None, Some(Risk::Low), Some(Risk::Medium), Some(Risk::High)].map(|allowed| {
        match gate.refusal(allowed, true) {
            None => "pass",
            Some(Refusal::Risk { .. }) => "risk",
            Some(Refusal::Unknown { .. }) => "unknown",
            Some(Refusal::Abort) => "abort",
            Some(_) => "other",
        }
    })
}

/// By wording and value: with `--yes` alone, and with `--max-risk` low, medium and high.
const TABLE: [[[&str; 4]; 4]; 3] = [
    // 4: casks, formulae, taps.
    [
        ["pass", "pass", "pass", "pass"],
        ["abort", "abort", "abort", "abort"],
        ["pass", "risk", "pass", "pass"],
        ["pass", "risk", "risk", "pass"],
    ],
    // 5.1.14: apps of the App Store, too.
    [
        ["pass", "pass", "pass", "pass"],
        ["abort", "abort", "abort", "abort"],
        ["pass", "risk", "risk", "pass"],
        ["pass", "risk", "risk", "pass"],
    ],
    // 7: all kinds.
    [
        ["pass", "pass", "pass", "pass"],
        ["abort", "abort", "abort", "abort"],
        ["pass", "risk", "risk", "pass"],
        ["pass", "risk", "risk", "pass"],
    ],
];

#[test]
fn each_wording_and_value_is_refused_as_the_table_says() {
    for (wording, rows) in WORDINGS.iter().zip(TABLE) {
        for (cleanup, expected) in CLEANUPS.iter().zip(rows) {
            let found = refusals(wording.text, cleanup);
            assert_eq!(found, expected, "{} {cleanup:?}", wording.version);
        }
    }
}

#[test]
fn with_a_heading_that_is_not_known_anywhere_nothing_passes() {
    for wording in WORDINGS {
        let lines: Vec<&str> = wording.text.lines().collect();
        for at in 0..=lines.len() {
            for heading in [
                "Would uninstall holograms:",
                "Would reformat disks:\nMacintosh HD",
            ] {
                let mut changed = lines.clone();
                changed.insert(at, heading);
                let text = changed.join("\n");
                for cleanup in &CLEANUPS {
                    let found = refusals(&text, cleanup);
                    let is_right = match cleanup {
                        // Nothing is removed, and Homebrew is not asked.
                        Cleanup::Keep => found == ["pass"; 4],
                        Cleanup::Check => found == ["abort"; 4],
                        _ => {
                            found.iter().all(|why| ["unknown", "risk"].contains(why))
                                && found[0] == "unknown"
                                && found[3] == "unknown"
                        }
                    };
                    assert!(
                        is_right,
                        "{} {cleanup:?} at {at}: {found:?}",
                        wording.version
                    );
                }
            }
        }
    }
}

#[test]
fn a_check_that_finds_nothing_passes_unless_it_says_something_odd() {
    let new = homebrew("", Cleanup::Check);
    for (stdout, code, aborts, is_known) in [
        ("", Some(0), false, true),
        (
            "Would `brew cleanup`:\nWould remove: /x (1KB)\n",
            Some(0),
            false,
            true,
        ),
        ("Would uninstall holograms:\n", Some(0), false, false),
        ("Would uninstall casks:\nalfred\n", Some(1), true, true),
        // The activation aborts on every other code, too.
        ("", Some(2), true, false),
        ("", None, true, false),
    ] {
        let found = effects(None, &new, &|_| Ok(Answer::of(stdout, "", code)));
        assert_eq!(found.aborts.is_empty(), !aborts, "{stdout} {code:?}");
        assert_eq!(found.unknown.is_empty(), is_known, "{stdout} {code:?}");
    }
}
