//! Recorded wordings, lines in every place, and exit codes.

use nix_parity_core::gate::Thing;
use nix_parity_testkit::homebrew::WORDINGS;

use super::super::Answer;

fn of(text: &str) -> Answer {
    Answer::of(text, "", Some(1))
}

/// Lines that no version of Homebrew prints.
const STRANGE: [&str; 14] = [
    "Would uninstall holograms:",
    "Would reset:",
    "Would uninstall formulae",
    "would uninstall casks:",
    "Would uninstall casks: alfred",
    "Uninstalling formulae:",
    "Holograms:",
    "==> Removing everything",
    "Error: no such thing",
    "some words of a sentence.",
    "Would remove everything",
    "\u{1b}[2Jcleared",
    "日本語 の 行",
    "Do you want to proceed with the cleanup? [y/n]",
];

#[test]
fn the_words_of_each_version_are_read() {
    for wording in WORDINGS {
        let answer = of(wording.text);
        assert!(answer.unknown.is_empty(), "{}: {answer:?}", wording.version);
        let removed: Vec<_> = answer
            .removed
            .iter()
            .map(|(thing, name)| format!("{} {name}", thing.word()))
            .collect();
        assert_eq!(removed, wording.removed, "{}", wording.version);
    }
    assert_eq!(
        Answer::of("", "", Some(0)),
        Answer {
            is_clean: true,
            ..Answer::default()
        }
    );
}

#[test]
fn an_unknown_line_anywhere_is_unknown_and_hides_no_removal() {
    for wording in WORDINGS {
        let lines: Vec<&str> = wording.text.lines().collect();
        let all = of(wording.text).removed;
        for strange in STRANGE {
            for at in 0..=lines.len() {
                let mut changed = lines.clone();
                changed.insert(at, strange);
                let answer = of(&changed.join("\n"));
                assert!(!answer.unknown.is_empty(), "{strange} at {at}");
                // What is below it is either still named or told as unknown.
                for (thing, name) in &all {
                    let is_said = answer.removed.contains(&(*thing, name.clone()))
                        || answer.unknown.contains(name);
                    assert!(is_said, "{name} with {strange} at {at}");
                }
            }
        }
    }
}

#[test]
fn any_line_anywhere_hides_no_removal() {
    let part = proptest::prop_oneof![
        proptest::strategy::Just("Would ".to_owned()),
        proptest::strategy::Just("uninstall ".to_owned()),
        proptest::strategy::Just(":".to_owned()),
        proptest::strategy::Just(
            "Run `brew bundle cleanup --force` to make these changes.".to_owned()
        ),
        proptest::strategy::Just("Would `brew cleanup`:".to_owned()),
        "[ -~]{0,12}",
        "\\PC{0,4}",
    ];
    let lines = proptest::collection::vec(part, 0..4);
    let input = (lines, 0..WORDINGS.len(), 0_usize..64);
    proptest::proptest!(|((parts, which, at) in input)| {
        let line = parts.concat();
        let wording = &WORDINGS[which];
        let mut changed: Vec<&str> = wording.text.lines().collect();
        changed.insert(at % (changed.len() + 1), &line);
        let answer = of(&changed.join("\n"));
        let before = of(wording.text).removed;
        let is_same = before.iter().all(|one| answer.removed.contains(one));
        // Another known heading gives names below it another kind, and still removes them.
        let names = |list: &[(Thing, String)]| list.iter().map(|(_, n)| n.clone()).collect::<Vec<_>>();
        let is_named = names(&before).iter().all(|name| names(&answer.removed).contains(name));
        proptest::prop_assert!(is_same || is_named || !answer.unknown.is_empty(), "{line:?}");
        // A sentence is never taken for a name.
        if line.trim().contains(' ') && before.len() != answer.removed.len() {
            let more = answer.removed.iter().filter(|one| !before.contains(one));
            proptest::prop_assert!(more.clone().all(|(_, name)| !name.contains(' ') || name.ends_with(')')));
        }
    });
}

#[test]
fn columns_colours_and_odd_names() {
    let answer = of(
        "\u{1b}[1mWould uninstall formulae:\u{1b}[0m\nhtop  user/tap/tool   python@3.11\nWould uninstall Mac App Store apps:\n\u{1b}[31mXcode (497799835)\u{1b}[0m  Things 3 (904280696)\n",
    );
    assert!(answer.unknown.is_empty(), "{answer:?}");
    let names: Vec<_> = answer
        .removed
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    let expected = [
        "htop",
        "user/tap/tool",
        "python@3.11",
        "Xcode (497799835)",
        "Things 3 (904280696)",
    ];
    assert_eq!(names, expected);
    for (line, is_known) in [
        ("a b", false),
        ("a\u{1b}[2K", false),
        ("done.", false),
        ("--force", false),
        ("a (1)", false),
        ("a", true),
    ] {
        let answer = of(&format!("Would uninstall casks:\n{line}\n"));
        assert_eq!(answer.unknown.is_empty(), is_known, "{line:?}");
    }
    let app = of("Would uninstall Mac App Store apps:\nXcode\n");
    assert!(app.removed.is_empty() && app.unknown == ["Xcode"]);
}

#[test]
fn what_it_says_must_fit_how_it_ends() {
    let casks = "Would uninstall casks:\nalfred\n";
    let renamed = "Warning: Formula a was renamed to b.\n";
    for (stdout, stderr, code, is_known) in [
        ("", "", Some(0), true),
        (casks, "", Some(1), true),
        (casks, renamed, Some(1), true),
        (
            "Would `brew cleanup`:\nWould remove: /x (1KB)\n",
            "",
            Some(0),
            true,
        ),
        ("", "", Some(1), false),
        (casks, "", Some(0), false),
        (casks, "", Some(2), false),
        (casks, "", None, false),
        ("", "Error: not as root\n", Some(1), false),
        (casks, "Warning: mas is not here\n", Some(1), false),
    ] {
        let answer = Answer::of(stdout, stderr, code);
        assert_eq!(
            answer.unknown.is_empty(),
            is_known,
            "{stdout}{stderr}{code:?}"
        );
    }
}
