//! What is hidden: it lies nowhere, and costs no evaluation.

use std::path::Path;

use nix_parity_testkit::{CountingNix, Host, Platform};

use crate::snapshots::files;
use crate::support::{Fixture, Record};

/// A host with this module, and these paths hidden.
fn fixture(module: &str, cases: &str, hidden: &str) -> Fixture {
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let settings = format!("redact: {hidden}\n");
    let files = [("cases/s.yaml", cases), ("parity.yaml", settings.as_str())];
    Fixture::with_hosts(&[host], &files)
}

#[test]
fn what_is_hidden_is_nowhere() {
    let cases = "suite: s
cases:
  - { name: taken, snapshot: { options: [networking.domain, environment.etc.motd], files: etc/motd } }
  - { name: expected, expect: { common: { networking.domain: other } } }
  - { name: not, expect: { common: { networking.domain: { not: hunter2 } } } }
";
    let module = "{ networking.domain = \"hunter2\"; environment.etc.motd.text = \"hunter2\"; }\n";
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let settings = "redact: [networking.dom*, '**.motd.text']\n";
    let files_of = [("cases/s.yaml", cases), ("parity.yaml", settings)];
    let fixture = Fixture::with_hosts(&[host], &files_of);
    let ran = fixture.run(&["run", "taken", "expected", "--format", "jsonl"]);
    assert!(!ran.stdout.contains("hunter2"), "{}", ran.stdout);
    assert_eq!(Record::read(&ran).with("fail").len(), 2);
    let all = files(&fixture);
    assert!(
        all.iter()
            .any(|(_, text)| text.contains("networking.domain = <redacted>;"))
    );
    assert!(
        all.iter()
            .any(|(_, text)| text.contains("\"etc/motd\" = <redacted>;"))
    );
    assert!(all.iter().all(|(_, text)| !text.contains("hunter2")));
    let kept = cache_text(fixture.cache());
    assert!(!kept.is_empty() && !kept.contains("hunter2"));
    // The case itself has the word; what there is adds nothing.
    let ran = fixture.run(&["run", "s::not"]);
    assert!(ran.stdout.contains("<redacted>") && !ran.stdout.contains("hunter2"));
}

fn cache_text(folder: &Path) -> String {
    let mut text = String::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &cache_text(&path);
        } else {
            text += &String::from_utf8_lossy(&std::fs::read(path).unwrap());
        }
    }
    text
}

/// An option's value is quoted by what is wrong with it, or above or below it.
const QUOTING: &str = r#"{ lib, config, ... }: {
  options.vault = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
  options.safe.password = lib.mkOption { type = lib.types.int; };
  options.twice.password = lib.mkOption { type = lib.types.str; };
  options.message = lib.mkOption { type = lib.types.str; };
  config.vault.inner.secret = throw "hunter2 is no secret";
  config.safe.password = "hunter2";
  config.twice = lib.mkMerge [ { password = "hunter2"; } { password = "hunter3"; } ];
  config.message = config.twice.password;
  config.assertions = [ { assertion = false; message = "safe.password: hunter2"; } ];
}
"#;

#[test]
fn what_is_wrong_with_it_does_not_quote_it() {
    let cases = "suite: s
cases:
  - { name: above, expect: { common: { vault: { equals: { inner: { secret: x } } } } } }
  - { name: below, expect: { common: { vault.inner.secret: x } } }
  - { name: at, expect: { common: { safe.password: 1 } } }
  - { name: elsewhere, expect: { common: { message: x } } }
  - { name: refused, throws: { message: something else } }
  - { name: asserted, throws: { assertion: something else } }
  - { name: taken, snapshot: { options: [vault, message] } }
  - { name: whole, snapshot: { derivation: system } }
";
    let fixture = fixture(QUOTING, cases, "['**.password', vault.*.secret]");
    for arguments in [
        &["run", "--format", "jsonl"][..],
        &["run"],
        &["diff", "pc", "pc"],
    ] {
        let ran = fixture.run(arguments);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains("hunter"), "{said}");
        assert_ne!(ran.code(), Some(0), "{said}");
    }
    let record = fixture.record(&[]);
    assert_eq!(record.with("pass"), Vec::<&str>::new());
    for test in ["above", "below", "at", "elsewhere"] {
        let told = record.findings(&format!("s::{test}::pc"));
        assert!(told.contains("a value that is not shown"), "{test}: {told}");
    }
    for option in [
        "vault.inner.secret",
        "twice.password",
        "message",
        "safe.password",
    ] {
        let ran = fixture.run(&["explain", option]);
        assert!(!ran.stdout.contains("hunter"), "{option}: {}", ran.stdout);
    }
    assert!(!cache_text(fixture.cache()).contains("hunter"));
}

#[test]
fn that_it_differs_is_said_and_not_how() {
    let module = |word: &str| {
        format!("{{ networking.domain = \"{word}\"; environment.variables.A = \"{word}\"; }}\n")
    };
    let host = Host::new(Platform::NixOs, "pc").with_module(&module("hunter2"));
    let settings = "redact: [networking.domain]\n";
    let fixture = Fixture::with_inputs(&[host], &[("parity.yaml", settings)]);
    fixture.project.commit("first");
    fixture.project.write("hosts/pc.nix", &module("hunter3"));
    let ran = fixture.run(&["diff", "HEAD:pc", "pc"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    let hidden = "networking.domain  <redacted> → <redacted>";
    assert!(ran.stdout.contains(hidden), "{}", ran.stdout);
    let shown = "environment.variables.A  \"hunter2\" → \"hunter3\"";
    assert!(ran.stdout.contains(shown), "{}", ran.stdout);
    let ran = fixture.run(&["explain", "networking.domain"]);
    assert!(ran.stdout.contains("<redacted>"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("hunter"), "{}", ran.stdout);
}

#[test]
fn a_test_that_passed_on_it_is_not_evaluated_again() {
    let cases = "suite: s
cases:
  - { name: right, expect: { common: { networking.domain: hunter2 } } }
  - { name: set, expect: { common: { networking.domain: { type: string } } } }
  - { name: taken, snapshot: { options: networking.domain } }
";
    let module = "{ networking.domain = \"hunter2\"; }\n";
    let fixture = fixture(module, cases, "[networking.domain]");
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    let nix = CountingNix::new();
    let path = nix.path();
    let run = || fixture.run(&["run", "--nix", path.as_str()]);
    // Another program is another evaluator.
    assert_eq!(run().code(), Some(0));
    let evaluations = || nix.calls().count_of("repl");
    let before = evaluations();
    let ran = run();
    assert_eq!(
        (ran.code(), evaluations()),
        (Some(0), before),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("cached"), "{}", ran.stdout);
    assert!(!cache_text(fixture.cache()).contains("hunter2"));

    // Each of these can make another verdict, and is looked at.
    let settings = fixture.project.read("parity.yaml");
    let snapshot = "snapshots/pc/s__taken@options.snap";
    let text = fixture.project.read(snapshot);
    for (file, changed, code) in [
        (
            "cases/s.yaml",
            cases.replace("domain: hunter2", "domain: hunter3"),
            1,
        ),
        ("cases/s.yaml", cases.to_owned(), 0),
        ("hosts/pc.nix", module.replace("hunter2", "hunter3"), 1),
        ("hosts/pc.nix", module.to_owned(), 0),
        (snapshot, text.replace("<redacted>", "\"x\""), 1),
        (snapshot, text.clone(), 0),
        ("parity.yaml", settings.replace("domain", "domains"), 1),
        ("parity.yaml", settings.clone(), 0),
    ] {
        fixture.project.write(file, &changed);
        let ran = run();
        assert_eq!(ran.code(), Some(code), "{file}: {changed}\n{}", ran.stdout);
    }
    let before = evaluations();
    assert_eq!((run().code(), evaluations()), (Some(0), before));
}
