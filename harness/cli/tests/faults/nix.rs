//! A Nix that is killed, or that ends well in the middle of what it says.

use std::path::PathBuf;

use nix_parity_testkit::find;

use crate::projects::real;
use crate::scenario::write_program;
use crate::support::{Fixture, Record, assert_sound};
use crate::table::{Row, Seen, elsewhere, row, sampled};

const KILLED: &str = "Nix killed";
const HALF: &str = "Nix ends well with half an answer";

pub(crate) fn rows() -> Vec<Row> {
    let there = |to, file, test| elsewhere(KILLED, to, file, test);
    vec![
        row(
            KILLED,
            "with SIGKILL, after each part of what it says",
            || cut("kill -9 $$"),
        ),
        there(
            "with SIGKILL, at a query",
            "it/deaths.rs",
            "an_evaluator_that_is_killed_costs_one_test",
        ),
        there(
            "always",
            "it/deaths.rs",
            "a_nix_that_always_dies_is_given_up",
        ),
        there(
            "by several signals, at a query",
            "it/bounds.rs",
            "a_nix_that_dies_at_a_query_costs_that_query",
        ),
        there(
            "since it takes too much memory",
            "it/bounds.rs",
            "too_much_memory_costs_one_test",
        ),
        there(
            "with its harness, by a signal",
            "it/bounds.rs",
            "a_signal_ends_the_run_with_all_that_it_started",
        ),
        there(
            "with its harness, while it builds",
            "it/build.rs",
            "an_interrupted_build_leaves_nothing_behind",
        ),
        there(
            "the one of a run of nextest",
            "../../suite/tests/nextest.rs",
            "the_death_of_the_one_that_evaluates_is_made_good",
        ),
        row(HALF, "after each part of what it says", || cut("exit 0")),
        elsewhere(
            HALF,
            "and something it started stays",
            "it/deaths.rs",
            "a_process_that_nix_left_behind_holds_nobody_up",
        ),
    ]
}

/// A real Nix of whose evaluator only so many bytes are heard, by a file; then the script
/// that stands before it does this. Without the file all is heard, and counted.
fn muffled(fixture: &Fixture, end: &str) -> (PathBuf, PathBuf, PathBuf) {
    let at = |name: &str| fixture.cache().join(name);
    let (script, most, heard) = (at("nix"), at("most"), at("heard"));
    let nix = find("nix").unwrap();
    let text = format!(
        r#"#!/bin/sh
nix={nix} most='{most}' heard='{heard}'
case " $* " in *" repl "*) ;; *) exec "$nix" "$@" ;; esac
if [ ! -e "$most" ]; then "$nix" "$@" 2>&1 > /dev/null | tee "$heard" >&2; exit; fi
said=$(mktemp -u)
mkfifo "$said"
exec 3<&0
"$nix" "$@" <&3 > /dev/null 2> "$said" &
# Not `head`, which would keep what it reads until it has all of it.
dd bs=1 count="$(cat "$most")" < "$said" 1>&2 2> /dev/null
rm "$said"
kill -9 $!
{end}
"#,
        most = most.display(),
        heard = heard.display(),
    );
    write_program(&script, text);
    (script, most, heard)
}

fn cut(end: &str) -> Seen {
    let fixture = real();
    let (script, most, heard) = muffled(&fixture, end);
    let script = script.to_str().unwrap();
    let arguments = ["run", "domain", "--format", "jsonl", "--nix", script];
    let whole = fixture.program(&arguments).run();
    assert_eq!(whole.code(), Some(0), "{}{}", whole.stdout, whole.stderr);
    let said = std::fs::read(&heard).unwrap().len();
    // A hundred parts: the log names each file that is evaluated.
    let points = sampled(100, 4);
    let mut unknown = 0;
    for point in &points {
        std::fs::write(&most, (said * point / 100).to_string()).unwrap();
        assert_eq!(fixture.run(&["cache", "clear"]).code(), Some(0));
        let ran = fixture.program(&arguments).run();
        assert_sound(&ran);
        let what = format!("{point} of 100: {}{}", ran.stdout, ran.stderr);
        let record = Record::read(&ran);
        match ran.code() {
            Some(3) => assert_eq!(record.with("error"), ["s::domain::pc"], "{what}"),
            // What comes after the answer was not needed.
            Some(0) => assert_eq!(record.with("pass"), ["s::domain::pc"], "{what}"),
            _ => panic!("{what}"),
        }
        unknown += usize::from(ran.code() == Some(3));
        // Nothing of it is kept that anybody would read.
        let again = fixture.run(&["run", "domain", "--format", "jsonl"]);
        assert_eq!(Record::read(&again).with("pass"), ["s::domain::pc"]);
    }
    assert!(unknown * 2 > points.len(), "{unknown} were not answered");
    Seen::Held(format!(
        "{} parts of {said} bytes: {unknown} exit with 3, the answer was in the rest",
        points.len()
    ))
}
