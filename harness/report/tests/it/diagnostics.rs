//! Messages about input that is wrong.

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::location::Location;
use nix_parity_report::{Style, diagnostics};
use proptest::prelude::*;

use crate::strategies::text;

fn shown(list: &[Diagnostic], style: &Style) -> String {
    let mut out = Vec::new();
    diagnostics(list, &mut out, style).unwrap();
    String::from_utf8(out).unwrap()
}

fn at(line: u32, column: u32, length: u32) -> Location {
    Location {
        length,
        ..Location::point("cases/shell.yaml", line, column)
    }
}

#[test]
fn marked_lines() {
    let unknown = Diagnostic::new("unknown host `macbok-air`")
        .at(at(9, 13, 10), Some("    hosts: [macbok-air]".to_owned()))
        .label("this flake has macbook-air, future-nixos-pc, lars")
        .note("a selection that can never match is an error")
        .note("so that a case cannot silently stop running");
    let whole_line = Diagnostic::new("a case without a name")
        .at(at(3, 0, 0), Some("\t- expect: {}  ".to_owned()));
    let past_the_end =
        Diagnostic::new("unexpected end").at(at(7, 99, 4), Some("cases:".to_owned()));
    let wide = Diagnostic::new("wrong value")
        .at(at(4, 8, 2), Some("名前\t: \u{1b}[2J日本語".to_owned()))
        .label("this one");
    let wide_only = Diagnostic::new("wrong name")
        .at(at(4, 3, 2), Some("日本語 x".to_owned()))
        .label("this one");
    let no_line = Diagnostic::new("cannot be read").at(at(0, 0, 0), Some("ignored".to_owned()));
    let no_source = Diagnostic::new("gone").at(at(5, 2, 1), None).label("here");
    let nowhere = Diagnostic::new("nothing was selected\n::error::").note("##[error]");
    let list = [
        unknown,
        whole_line,
        past_the_end,
        wide,
        wide_only,
        no_line,
        no_source,
        nowhere,
    ];
    insta::assert_snapshot!(shown(&list, &Style::plain(80)));
}

#[test]
fn one_message_is_not_counted() {
    let text = shown(&[Diagnostic::new("wrong")], &Style::plain(80));
    assert_eq!(text, "error: wrong\n\n");
    assert_eq!(shown(&[], &Style::plain(80)), "");
}

proptest! {
    #[test]
    fn no_place_is_too_odd(
        message in text(),
        source in proptest::option::of(text()),
        line in prop_oneof![0_u32..4, any::<u32>()],
        column in prop_oneof![0_u32..40, any::<u32>()],
        length in prop_oneof![0_u32..40, any::<u32>()],
        label in proptest::option::of(text()),
        notes in proptest::collection::vec(text(), 0..3),
        width in prop_oneof![0_usize..100, Just(usize::MAX)],
        colour in any::<bool>(),
    ) {
        let location = Location { file: "x.yaml".into(), line, column, length };
        let mut diagnostic = Diagnostic::new(message).at(location, source);
        diagnostic.label = label;
        diagnostic.notes = notes;
        let shown = shown(&[diagnostic], &Style { colour, width });
        if !colour {
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert!(!shown.lines().any(|l| l.trim_start().starts_with("::")));
        }
    }
}
