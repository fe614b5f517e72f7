//! `--affected`: what can come out differently than at a commit.

use nix_parity_testkit::{Host, Platform, Ran};

use crate::support::Fixture;

const CASES: &str = "cases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n";

/// Two hosts, all committed and evaluated.
fn evaluated() -> Fixture {
    let fixture = fixture();
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    fixture
}

fn fixture() -> Fixture {
    let module = "{ networking.domain = \"lan\"; }\n";
    let host = |name| Host::new(Platform::NixOs, name).with_module(module);
    let fixture = Fixture::with_inputs(
        &[host("one"), host("two")],
        &[("cases/a.yaml", CASES), ("cases/b.yaml", CASES)],
    );
    fixture.project.commit("first");
    fixture
}

#[track_caller]
fn listed(fixture: &Fixture, since: &str) -> Vec<String> {
    let ran = fixture.run(&["list", "--affected", "--since", since]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout.lines().map(str::to_owned).collect()
}

fn assert_says(ran: &Ran, code: i32, message: &str) {
    assert_eq!(ran.code(), Some(code), "{}", ran.stderr);
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
}

#[test]
fn hosts_are_affected_by_what_they_depend_on() {
    let fixture = evaluated();
    let project = &fixture.project;
    let first = project.git(&["rev-parse", "HEAD"]).trim().to_owned();
    assert_eq!(listed(&fixture, "HEAD"), Vec::<String>::new());

    project.write("README.md", "# nothing\n");
    project.git_add_all();
    assert_eq!(listed(&fixture, "HEAD"), Vec::<String>::new());

    project.write("hosts/two.nix", "{ networking.domain = \"home\"; }\n");
    let two = ["a::domain::two", "b::domain::two"];
    assert_eq!(listed(&fixture, "HEAD"), two);
    // Evaluated meanwhile, it differs all the same.
    let ran = fixture.run(&["run", "--affected"]);
    assert_says(&ran, 1, "two can differ from HEAD: changed: hosts/two.nix");
    assert!(ran.stdout.contains("2 tests on 1 host"), "{}", ran.stdout);
    assert_eq!(listed(&fixture, "HEAD"), two);

    project.commit("second");
    assert_eq!(listed(&fixture, "HEAD"), Vec::<String>::new());
    assert_eq!(listed(&fixture, &first), two);
    assert_eq!(listed(&fixture, "HEAD~1"), two);

    // As it was at first: the evaluation of then is still known.
    project.write("hosts/two.nix", "{ networking.domain = \"lan\"; }\n");
    assert_eq!(listed(&fixture, &first), Vec::<String>::new());
    assert_eq!(listed(&fixture, "HEAD"), two);
}

#[test]
fn a_case_file_affects_its_own_tests_and_the_settings_all() {
    let fixture = evaluated();
    let project = &fixture.project;
    project.write("cases/b.yaml", &CASES.replace("domain,", "the domain,"));
    assert_eq!(
        listed(&fixture, "HEAD"),
        ["b::the domain::one", "b::the domain::two"]
    );
    project.commit("second");
    // One that git has not been told of is run as well.
    project.write("cases/c.yaml", CASES);
    assert_eq!(
        listed(&fixture, "HEAD"),
        ["c::domain::one", "c::domain::two"]
    );
    let settings = project.read("parity.yaml");
    project.write("parity.yaml", &format!("# a comment\n{settings}"));
    assert_eq!(listed(&fixture, "HEAD").len(), 6);
}

#[test]
fn where_nothing_is_recorded_everything_is_affected() {
    let fixture = fixture();
    let ran = fixture.run(&["list", "--affected"]);
    assert_says(&ran, 0, "one can differ from HEAD: nothing is known of it");
    assert_eq!(ran.stdout.lines().count(), 4);
    let ran = fixture
        .program(&["list", "--affected"])
        .env("NIX_PARITY_CACHE_DIR", "")
        .run();
    assert_says(&ran, 0, "the cache is turned off");
    assert_eq!(ran.stdout.lines().count(), 4);
}

#[test]
fn nothing_that_can_differ_is_a_success_and_nothing_selected_is_none() {
    let fixture = evaluated();
    let ran = fixture.run(&["run", "--affected"]);
    assert_says(&ran, 0, "nothing can differ from HEAD");
    assert_eq!(ran.stdout, "");
    let ran = fixture.run(&["run", "--affected", "--format", "jsonl"]);
    assert_eq!(ran.code(), Some(0));
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    let ran = fixture.run(&["run", "--affected", "no such test"]);
    assert_says(&ran, 4, "no test was selected");
}

#[test]
fn what_is_no_commit_or_in_no_repository_is_said() {
    let fixture = evaluated();
    for since in ["no-such-branch", "--all", "HEAD:flake.nix", ""] {
        let ran = fixture.run(&["run", "--affected", &format!("--since={since}")]);
        assert_says(&ran, 2, &format!("`{since}` is no commit"));
    }
    let ran = fixture.run(&["run", "--since", "HEAD"]);
    assert_says(&ran, 2, "--affected");
    std::fs::remove_dir_all(fixture.project.path(".git")).unwrap();
    let ran = fixture.run(&["run", "--affected"]);
    assert_says(&ran, 2, "`--affected` needs a flake in a git work tree");
}
