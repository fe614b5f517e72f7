//! `diff --since`: all hosts, as a commit has them and as they are.

use nix_parity_testkit::{Host, Platform};
use serde_json::Value;

use crate::support::{Fixture, golden};

const SHARED: &str = "{ environment.variables.GREETING = \"hello\"; }\n";

/// Four hosts, one of them of a Mac, committed.
fn fixture() -> Fixture {
    let module = "{ imports = [ ../modules/shared.nix ]; }\n";
    let fixture = Fixture::with_hosts(
        &[
            Host::new(Platform::Darwin, "air").with_module(module),
            Host::new(Platform::NixOs, "pc").with_module(module),
            Host::new(Platform::NixOs, "other"),
            Host::new(Platform::NixOs, "gone"),
        ],
        &[("modules/shared.nix", SHARED)],
    );
    fixture.project.commit("first");
    fixture
}

fn found(fixture: &Fixture, arguments: &[&str], code: i32) -> Vec<Value> {
    let arguments = [&["diff", "--since", "HEAD", "--format", "jsonl"], arguments].concat();
    let ran = fixture.run(&arguments);
    assert_eq!(ran.code(), Some(code), "{}{}", ran.stdout, ran.stderr);
    let lines = ran.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn all_hosts_are_compared_with_a_commit() {
    let fixture = fixture();
    let same = fixture.run(&["diff", "--since", "HEAD", "--markdown", "same.md"]);
    assert_eq!((same.code(), same.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        same.stdout.matches("no difference").count(),
        4,
        "{}",
        same.stdout
    );
    let page = fixture.project.read("same.md");
    assert!(page.contains("No difference: `air`, "), "{page}");

    let project = &fixture.project;
    project.write(
        "modules/shared.nix",
        &SHARED.replace("hello", "<script>@octocat"),
    );
    let flake = project.read("flake.nix");
    let renamed = flake.replace("\"gone\" = nixos", "\"new\" = nixos");
    assert_ne!(flake, renamed, "{flake}");
    project.write("flake.nix", &renamed);
    let told = fixture.run(&["diff", "--since", "HEAD", "--markdown", "out/diff.md"]);
    assert_eq!((told.code(), told.stderr.as_str()), (Some(1), ""));
    insta::assert_snapshot!("since", golden(&told.stdout));
    insta::assert_snapshot!("since in Markdown", golden(&project.read("out/diff.md")));

    let hosts = found(&fixture, &["--host", "not:air"], 1);
    let names: Vec<_> = hosts.iter().map(|h| h["host"].as_str().unwrap()).collect();
    assert_eq!(names, ["new", "other", "pc", "gone"]);
    assert_eq!(
        (&hosts[0]["found"], &hosts[3]["found"]),
        (&"added".into(), &"removed".into())
    );
    assert_eq!(found(&fixture, &["--host", "other"], 0).len(), 1);

    // Hosts that the project leaves out are neither new nor gone.
    project.write("parity.yaml", "hosts: { nixos: [pc, new] }\n");
    let hosts = found(&fixture, &[], 1);
    let names: Vec<_> = hosts.iter().map(|h| h["host"].as_str().unwrap()).collect();
    assert_eq!(names, ["pc", "new", "gone"]);
}

#[test]
fn a_host_that_does_not_evaluate_leaves_the_others() {
    let fixture = fixture();
    let project = &fixture.project;
    project.write(
        "hosts/pc.nix",
        "{ networking.hostName = throw ''no\\n::error::x''; }\n",
    );
    let hosts = found(&fixture, &["--host", "nixos:*"], 3);
    let of = |name: &str| hosts.iter().find(|h| h["host"] == name).unwrap();
    let failed = of("pc")["found"]["failed"].as_str().unwrap_or_default();
    assert!(
        failed.contains("could not be evaluated") && failed.contains("no"),
        "{failed}"
    );
    assert!(of("other")["found"]["compared"].is_object());
    let told = fixture.run(&[
        "diff",
        "--since",
        "HEAD",
        "--host",
        "nixos:*",
        "--markdown",
        "d.md",
    ]);
    assert_eq!(told.code(), Some(3));
    assert!(
        told.stdout.contains("pc  could not be compared"),
        "{}",
        told.stdout
    );
    let page = project.read("d.md");
    assert!(
        page.contains("**1 host could not be compared wholly**"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let fixture = fixture();
    for (arguments, message) in [
        (vec!["--since", "nowhere"], "`nowhere` is no commit"),
        (vec!["--since", "HEAD", "--host", "pcc"], "pcc"),
        (vec!["--since", "HEAD", "pc", "pc"], "cannot be used with"),
        (vec!["pc"], "NEW"),
        (vec![], "OLD"),
        (vec!["pc", "pc", "--host", "pc"], "cannot be used with"),
    ] {
        let ran = fixture.run(&[&["diff"], &arguments[..]].concat());
        assert_eq!(ran.code(), Some(2), "{arguments:?}");
        assert!(
            ran.stderr.contains(message),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
    let ran = fixture.run(&["diff", "pc", "pc", "--markdown", "flake.nix/x.md"]);
    assert_eq!(
        (ran.code(), ran.stdout.as_str()),
        (Some(3), "no difference\n")
    );
    assert!(
        ran.stderr
            .contains("the Markdown cannot be written to flake.nix/x.md"),
        "{}",
        ran.stderr
    );
    let two = fixture.run(&["diff", "pc", "other", "--markdown", "two.md"]);
    assert_eq!(two.code(), Some(1));
    let page = fixture.project.read("two.md");
    assert!(
        page.contains("## nix-parity: what differs from `pc` to `other`\n\nIt differs."),
        "{page}"
    );
}
