//! The HTML page: what the program gathers for it.

use nix_parity_testkit::{Host, Platform};

use crate::support::Fixture;

const CASES: &str = "\
suite: s
proves: [names]
cases:
  - name: the name
    expect:
      common: { networking.hostName: other }
  - name: the same name
    parity: { paths: [networking.hostName], across: [darwin, nixos] }
  - name: the same editor
    parity: { paths: [environment.variables.EDITOR], across: [darwin, nixos] }
";

const LEDGER: &str = "rows: [ { id: names, proposed: names of hosts, wanted: required } ]\n";

fn fixture(files: &[(&str, &str)]) -> Fixture {
    let host = |platform, name: &str| {
        let module = format!(
            "{{\n  networking.hostName = \"{name}\";\n  environment.variables.EDITOR = \"nvim\";\n}}\n"
        );
        Host::new(platform, name).with_module(&module)
    };
    let hosts = [host(Platform::Darwin, "air"), host(Platform::NixOs, "pc")];
    let files = [&[("cases/s.yaml", CASES)], files].concat();
    let fixture = Fixture::with_hosts(&hosts, &files);
    fixture.project.commit("all");
    fixture
}

#[test]
fn a_run_is_a_page_with_the_lines_that_it_is_about() {
    let fixture = fixture(&[("ledger.yaml", LEDGER)]);
    let ran = fixture.run(&["run", "--html", "out/run.html"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    let page = fixture.project.read("out/run.html");
    for text in [
        "<h1>3 of 4 tests on 2 hosts failed</h1>",
        // The line of the case, and those of the modules that set the value.
        "      common: { networking.hostName: other }",
        "  networking.hostName = &quot;pc&quot;;",
        "  networking.hostName = &quot;air&quot;;",
        // What the hosts share, and where they differ.
        "<code>environment.variables.EDITOR</code></th><td class=\"pass\">same</td>",
        "<code>networking.hostName</code></th><td class=\"fail\">differs</td>",
        // What the ledger makes of it.
        "<section id=\"ledger\"",
        "partly, 1 of 4",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    assert_eq!(page.matches("<section id=\"ledger\"").count(), 1);
    // A part of the run says nothing of the ledger.
    fixture.run(&["run", "s::the name", "--html", "part.html"]);
    let part = fixture.project.read("part.html");
    assert!(!part.contains("<section id=\"ledger\""), "{part}");
}

#[test]
fn a_record_is_the_same_page_wherever_its_files_are() {
    let fixture = fixture(&[]);
    let ran = fixture.run(&["run", "--format", "jsonl", "--html", "run.html"]);
    fixture.project.write("run.jsonl", &ran.stdout);
    for file in ["cases/s.yaml", "hosts/pc.nix", "hosts/air.nix"] {
        std::fs::remove_file(fixture.project.path(file)).unwrap();
    }
    let again = fixture.run(&["report", "--from", "run.jsonl", "--html", "again.html"]);
    assert_eq!(again.code(), Some(1), "{}", again.stderr);
    assert_eq!(
        fixture.project.read("again.html"),
        fixture.project.read("run.html")
    );
}

#[test]
fn what_is_hidden_is_in_no_line_of_a_page() {
    let cases = "\
suite: s
cases:
  - { name: hidden, expect: { common: { networking.domain: { not: hunter2 } } } }
  - name: beside
    expect:
      # hunter2 above
      common: { networking.hostName: other }
";
    let module = "{\n  networking.domain = \"hunter2\";\n  networking.hostName = \"pc\";\n}\n";
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let settings = "redact: [networking.dom*]\n";
    let files = [("cases/s.yaml", cases), ("parity.yaml", settings)];
    let fixture = Fixture::with_hosts(&[host], &files);
    let ran = fixture.run(&["run", "--format", "jsonl", "--html", "page.html"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    let page = fixture.project.read("page.html");
    assert!(
        page.contains("common: { networking.hostName: other }"),
        "{page}"
    );
    for text in [&ran.stdout, &page] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_page_shows_what_else_is_known() {
    let fixture = fixture(&[("ledger.yaml", LEDGER)]);
    let write = |name: &str, arguments: &[&str]| {
        let ran = fixture.run(&[arguments, &["--format", "jsonl"]].concat());
        fixture.project.write(name, &ran.stdout);
    };
    write("run.jsonl", &["run"]);
    write(
        "gap.jsonl",
        &["gap", "--from", "run.jsonl", "--history", "history.jsonl"],
    );
    write("diff.jsonl", &["diff", "darwin:air", "nixos:pc"]);
    let all = ["run.jsonl", "gap.jsonl", "history.jsonl", "diff.jsonl"];
    let ran = fixture.run(&[&["report", "--html", "page.html", "--from"], &all[..]].concat());
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    let page = fixture.project.read("page.html");
    for part in [
        "failures", "verdicts", "parity", "ledger", "changes", "hosts",
    ] {
        assert!(page.contains(&format!("<section id=\"{part}\"")), "{part}");
    }
    assert!(
        page.contains("Proven 0 of 100") || page.contains("<strong>0</strong> of 100"),
        "{page}"
    );
    assert!(page.contains("The score over 1 state: 0 of 100"), "{page}");

    // Without a run a page is about the others alone.
    let ran = fixture.run(&["report", "--html", "diff.html", "--from", "diff.jsonl"]);
    assert_eq!(
        (ran.code(), ran.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ran.stderr
    );
    assert!(
        fixture
            .project
            .read("diff.html")
            .contains("<h1>darwin:air → nixos:pc: ")
    );

    let wrong = |arguments: &[&str], code: i32, said: &str| {
        let ran = fixture.run(&[&["report"], arguments].concat());
        assert_eq!(ran.code(), Some(code), "{said}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    };
    wrong(
        &["--from", "diff.jsonl"],
        2,
        "diff.jsonl is no record of a run",
    );
    let twice = ["--html", "x.html", "--from", "gap.jsonl", "gap.jsonl"];
    wrong(&twice, 2, "a second ledger");
    let other = fixture
        .project
        .read("gap.jsonl")
        .replace("\"format\":1", "\"format\":9");
    fixture.project.write("other.jsonl", &other);
    let other = ["--html", "x.html", "--from", "other.jsonl"];
    wrong(&other, 2, "in format 9, and this program reads format 1");
    let nowhere = ["--html", "run.jsonl/x.html", "--from", "run.jsonl"];
    wrong(
        &nowhere,
        3,
        "the page cannot be written to run.jsonl/x.html",
    );
}

#[test]
fn gap_writes_a_page_with_its_history() {
    let fixture = fixture(&[("ledger.yaml", LEDGER)]);
    let ran = fixture.run(&["gap", "--html", "gap.html", "--history", "history.jsonl"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let page = fixture.project.read("gap.html");
    for text in [
        "<h1>3 of 4 tests on 2 hosts failed</h1>",
        "partly, 1 of 4",
        "The score over 1 state",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
}
