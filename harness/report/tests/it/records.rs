//! The record says what the run said, and is refused where it does not.

use std::io::BufReader;

use nix_parity_core::event::Event;
use nix_parity_core::outcome::Outcome;
use nix_parity_report::{ReadError, read_jsonl};
use proptest::prelude::*;

use crate::samples::{recorded, result, run_of, shown};
use crate::strategies::run;

fn read(record: &str) -> Vec<Result<Event, ReadError>> {
    read_jsonl(BufReader::new(record.as_bytes())).collect()
}

/// How many events are read, and what is said about the line after them.
fn refused(record: &[u8]) -> (usize, String) {
    let mut read: Vec<_> = read_jsonl(BufReader::new(record)).collect();
    let last = read.pop().expect("an event or an error");
    assert!(read.iter().all(Result::is_ok), "nothing follows an error");
    let error = last.expect_err("the record should be refused");
    (read.len(), error.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read(events in run()) {
        let record = recorded(&events);
        prop_assert_eq!(record.lines().count(), events.len());
        prop_assert!(!record.chars().any(|c| c.is_control() && c != '\n'));
        let back: Vec<_> = read(&record).into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(&back, &events);
    }

    #[test]
    fn a_record_is_reported_as_the_run_was(events in run(), width in 0_usize..120) {
        let back: Vec<_> = read(&recorded(&events)).into_iter().map(Result::unwrap).collect();
        let text = shown(&events, width);
        prop_assert_eq!(shown(&back, width), text.clone());
        for line in text.lines() {
            prop_assert!(!line.chars().any(char::is_control), "{:?}", line);
            prop_assert!(!line.trim_start().starts_with("::"), "{:?}", line);
            prop_assert!(!line.contains("##["), "{:?}", line);
        }
    }

    #[test]
    fn a_cut_record_is_never_taken_for_a_whole_one(events in run(), cut in any::<prop::sample::Index>()) {
        let record = recorded(&events);
        let ends: Vec<_> = (0..record.len()).filter(|at| record.is_char_boundary(*at)).collect();
        let (cut, rest) = record.split_at(*cut.get(&ends));
        let lines = cut.matches('\n').count();
        let mut read = read(cut);
        if cut.is_empty() {
            prop_assert!(matches!(read[..], [Err(ReadError::Empty)]));
        } else if cut.ends_with('\n') {
            prop_assert_eq!(read.len(), lines);
            prop_assert!(read.iter().all(Result::is_ok));
        } else if rest.starts_with('\n') {
            prop_assert_eq!(read.len(), lines + 1);
            prop_assert!(read.iter().all(Result::is_ok));
        } else {
            let last = read.pop();
            prop_assert_eq!(read.len(), lines);
            prop_assert!(read.iter().all(Result::is_ok));
            // The first bytes of a record could be the first bytes of anything.
            let named = match last {
                Some(Err(ReadError::Truncated { line })) => line == lines + 1,
                Some(Err(ReadError::NotARecord)) => cut.len() < "{\"event\":".len(),
                _ => false,
            };
            prop_assert!(named);
        }
    }
}

#[test]
fn what_is_no_record_is_refused_with_its_line() {
    let whole = recorded(&run_of(vec![result("a", "b", 1, "c", Outcome::Pass)]));
    let lines: Vec<_> = whole.lines().collect();
    let refused = |text: &str| refused(text.as_bytes());

    assert_eq!(refused("").0, 0);
    assert_eq!(refused("").1, "the record is empty");
    let other = "line 1 is not the start of a run: this is not a record of nix-parity";
    assert_eq!(refused("{}\n").1, other);
    assert_eq!(refused("hello\n").1, other);
    assert_eq!(refused(&format!("{}\n", lines[1])).1, other);
    let newer = whole.replacen("\"format\":1", "\"format\":2,\"new\":[]", 1);
    assert_eq!(
        refused(&newer),
        (
            0,
            "the record is in format 2, and this program reads format 1".to_owned()
        )
    );
    let unknown = format!("{}\n{{\"event\":\"party\"}}\n", lines[0]);
    let (read, message) = refused(&unknown);
    assert_eq!(read, 1);
    assert!(
        message.starts_with("line 2 is not an event: unknown variant `party`"),
        "{message}"
    );
    assert!(
        refused(&format!("{}\n\n{}\n", lines[0], lines[1]))
            .1
            .starts_with("line 2 is not")
    );
    let cut = &whole[..whole.len() - 5];
    let message = format!(
        "line {} is cut off: the record was not written to its end",
        lines.len()
    );
    assert_eq!(refused(cut), (lines.len() - 1, message));
    let twice = format!("{whole}{whole}");
    let message = format!(
        "line {} belongs to another run: a record holds one",
        lines.len() + 1
    );
    assert_eq!(refused(&twice), (lines.len(), message));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let whole = recorded(&run_of(vec![result("a", "b", 1, "c", Outcome::Pass)]));
    let mut bytes = whole.into_bytes();
    let second = bytes.iter().position(|b| *b == b'\n').unwrap() + 12;
    bytes[second] = 0xff;
    let (read, message) = refused(&bytes);
    assert_eq!(read, 1);
    assert!(message.starts_with("line 2 is not an event"), "{message}");
}

#[test]
fn the_record_is_stable() {
    let events = run_of(vec![result(
        "a",
        "b",
        1,
        "c",
        crate::samples::fish_is_off(),
    )]);
    insta::assert_snapshot!(recorded(&events));
}
