//! Edits while a host is evaluated: what was found before them is not kept as if it
//! had been found after them.

use nix_parity_testkit::{Host, Platform, assert_none_left};

use crate::support::{Fixture, LONG, marker, wait_until};

const MODULE: &str = r#"{ lib, ... }:
{
  options.word = lib.mkOption { default = "old"; };
}
"#;

/// The second takes minutes.
fn cases() -> String {
    let first = "  - { name: word, expect: { common: { word: new } } }\n";
    format!("cases:\n{first}{LONG}")
}
#[test]
fn an_answer_from_before_an_edit_is_not_kept_for_after_it() {
    let host = Host::new(Platform::NixOs, "pc").with_module(MODULE);
    let fixture = Fixture::with_hosts(
        &[host],
        &[
            ("cases/a.yaml", &cases()),
            ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ],
    );
    let running = fixture.program(&["run", "--format", "jsonl"]).start();
    wait_until("the first result", || {
        running.stdout().contains("test_finished")
    });
    let edited = MODULE.replace("old", "new");
    fixture.project.write("hosts/pc.nix", &edited);
    running.signal("INT");
    let ran = running.finish();
    assert!(
        ran.stdout.contains("\"outcome\":\"fail\""),
        "{}",
        ran.stdout
    );
    assert_none_left(&marker(&fixture));

    let record = fixture.record(&["word"]);
    assert_eq!(record.with("pass"), ["a::word::pc"]);
}
