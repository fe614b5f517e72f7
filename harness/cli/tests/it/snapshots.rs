//! Snapshots: taken, accepted, missed, and never where they do not belong.

use std::path::Path;

use nix_parity_testkit::{Host, Platform, Program, Project};

use crate::support::{Fixture, Record, assert_sound};

const CASES: &str = "suite: s
cases:
  - name: all
    snapshot: { derivation: system, closure: system, options: networking.domain, files: etc/motd }
";
const MODULE: &str =
    "{ networking.domain = \"lan\"; environment.etc.motd.text = \"hello\\nagain\\n\"; }\n";

fn fixture(cases: &str, module: &str) -> Fixture {
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    Fixture::with_hosts(&[host], &[("cases/s.yaml", cases)])
}

/// The same with all of it accepted.
fn accepted(cases: &str, module: &str) -> Fixture {
    let fixture = fixture(cases, module);
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    let ran = fixture.run(&["review", "--accept"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    fixture
}

/// The files below the folder of snapshots, with what they say.
pub(crate) fn files(fixture: &Fixture) -> Vec<(String, String)> {
    fn visit(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in folder.read_dir().into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.push((name.to_owned(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = fixture.project.path("snapshots");
    let mut found = Vec::new();
    visit(root.as_ref(), root.as_ref(), &mut found);
    found.sort();
    found
}

fn names(fixture: &Fixture) -> Vec<String> {
    files(fixture).into_iter().map(|(name, _)| name).collect()
}

const NAMES: [&str; 4] = [
    "pc/s__all@closure.snap",
    "pc/s__all@derivation.snap",
    "pc/s__all@files.snap",
    "pc/s__all@options.snap",
];

#[test]
fn a_snapshot_is_pending_until_it_is_accepted() {
    let fixture = fixture(CASES, MODULE);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout.contains("files was not accepted yet"),
        "{}",
        ran.stdout
    );
    assert_eq!(names(&fixture), NAMES.map(|name| format!("{name}.new")));
    let ran = fixture.run(&["review"]);
    assert_eq!(ran.code(), Some(2), "nobody can be asked: {}", ran.stderr);
    assert!(
        ran.stdout.contains("networking.domain = \"lan\";"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        fixture.run(&["review", "@files", "--accept"]).code(),
        Some(0)
    );
    assert_eq!(fixture.run(&["review", "--reject"]).code(), Some(0));
    assert_eq!(names(&fixture), [NAMES[2]]);
    assert_eq!(fixture.run(&["review", "nothing"]).code(), Some(4));
}

#[test]
fn what_is_accepted_passes_and_a_change_names_its_cause() {
    let fixture = accepted(CASES, MODULE);
    assert_eq!(names(&fixture), NAMES);
    assert!(
        files(&fixture)[2]
            .1
            .ends_with("\"etc/motd\" = ''\n  hello\n  again\n'';\n")
    );

    // Nothing but text.
    fixture
        .project
        .write("hosts/pc.nix", &format!("# a word\n{MODULE}"));
    assert_eq!(fixture.run(&["run"]).code(), Some(0));

    fixture
        .project
        .write("hosts/pc.nix", &MODULE.replace("hello", "bye"));
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    for told in [
        "derivation is not what was accepted",
        "motd: env.text",
        "\"etc/motd\": 1 line new, 1 line gone",
        "nix-parity review",
    ] {
        assert!(ran.stdout.contains(told), "no {told}\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("options is not"), "{}", ran.stdout);
    // Back again: nothing waits any more.
    fixture.project.write("hosts/pc.nix", MODULE);
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    assert_eq!(names(&fixture), NAMES);
}

/// A NixOS host that carries its revision where real ones do, and in a file of its own.
const REVISION: &str = r#"{ lib, pkgs, revision, ... }:
{
  system.nixos.label = lib.mkForce "test-${revision}";
  environment.systemPackages = [
    (pkgs.stdenv.mkDerivation {
      name = "nixos-version";
      configurationRevision = revision;
      json = builtins.toJSON { configurationRevision = revision; };
      buildCommand = "echo $json > $out";
    })
  ];
  environment.etc.revision.text = revision;
}
"#;

#[test]
fn a_revision_alone_changes_no_snapshot() {
    let cases =
        "suite: s\ncases: [{ name: all, snapshot: { derivation: system, closure: system } }]\n";
    let host = Host::new(Platform::NixOs, "pc").with_module(REVISION);
    let noise = "noise: [{ derivation: etc-revision, env: text }]\n";
    let files_of = [("cases/s.yaml", cases), ("parity.yaml", noise)];
    let fixture = Fixture::with_inputs(&[host], &files_of);
    let project = &fixture.project;
    let name = "networking.hostName = name;";
    let flake = project.read("flake.nix").replace(
        name,
        &format!("{name} _module.args.revision = self.shortRev or \"dirty\";"),
    );
    project.write("flake.nix", &flake);
    project.commit("first");
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    project.commit("accepted");
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    project.commit("empty");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    assert!(!ran.stdout.contains("cached"), "{}", ran.stdout);
    // The revision is what `diff` leaves out too, by the same rules.
    let ran = fixture.run(&["diff", "HEAD~1:pc", "HEAD:pc"]);
    assert!(!ran.stdout.contains("root cause"), "{}", ran.stdout);

    // Without the rule of the project, its own file differs, and nothing else.
    let settings = project.read("parity.yaml").replace(noise, "");
    project.write("parity.yaml", &settings);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout.contains("etc-revision: env.text"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("root causes: 1,"), "{}", ran.stdout);
}

#[test]
fn a_cached_run_starts_no_nix() {
    let fixture = accepted(CASES, MODULE);
    let ran = fixture.run(&["run", "--explain-cache"]);
    assert!(ran.stdout.contains("cached"), "{}", ran.stdout);
    // What is only in the cache is compared all the same.
    let file = "snapshots/pc/s__all@options.snap";
    let text = fixture.project.read(file).replace("lan", "wan");
    fixture.project.write(file, &text);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    let told = "networking.domain: \"wan\" → \"lan\"";
    assert!(
        ran.stdout.contains(told) && ran.stdout.contains("cached"),
        "{}",
        ran.stdout
    );
}

#[test]
fn nothing_is_written_in_ci() {
    for (name, value) in [("CI", "true"), ("INSTA_UPDATE", "no")] {
        let fixture = fixture(CASES, MODULE);
        let ran = fixture.program(&["run"]).env(name, value).run();
        assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
        assert!(ran.stdout.contains("was not accepted yet"));
        assert_eq!(names(&fixture), Vec::<String>::new());
    }
}

#[test]
fn an_orphan_is_an_error_until_it_is_removed() {
    let fixture = accepted(CASES, MODULE);
    fixture
        .project
        .write("cases/s.yaml", &CASES.replace("name: all", "name: other"));
    for command in ["run", "review"] {
        let ran = fixture.run(&[command]);
        assert_eq!(ran.code(), Some(2), "{}", ran.stdout);
        assert!(
            ran.stderr
                .contains("no case takes the snapshot snapshots/pc/s__all@closure.snap")
        );
    }
    // A part of the tests says nothing about the others.
    assert_eq!(fixture.run(&["run", "other"]).code(), Some(1));
    let ran = fixture.run(&["review", "--accept", "--unreferenced", "delete"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert_eq!(
        names(&fixture),
        NAMES.map(|name| name.replace("all", "other"))
    );
}

#[test]
fn hostile_names_stay_in_the_folder() {
    let cases = "suite: ../..\ncases: [{ name: '/../x/\u{9}', snapshot: { options: networking.domain } }]\n"
        .replace('\u{9}', "é");
    let fixture = accepted(&cases, MODULE);
    let names = names(&fixture);
    assert_eq!(
        names,
        ["pc/%2E%2E%2F%2E%2E__%2F%2E%2E%2Fx%2F%C3%A9@options.snap"]
    );
}

#[test]
fn two_processes_at_once_leave_whole_files() {
    let fixture = fixture(CASES, MODULE);
    let running: Vec<_> = (0..2).map(|_| fixture.program(&["run"]).start()).collect();
    for run in running {
        let ran = run.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    }
    assert_eq!(names(&fixture), NAMES.map(|name| format!("{name}.new")));
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
}

#[test]
fn what_is_no_derivation_or_no_option_is_an_error_with_the_nearest_name() {
    let cases = "suite: s
cases:
  - { name: option, snapshot: { options: networking.domian } }
  - { name: attribute, snapshot: { derivation: networking.domain } }
  - { name: file, snapshot: { files: etc/mtod } }
";
    let record = fixture(cases, MODULE).record(&[]);
    assert!(
        record
            .findings("s::option::pc")
            .contains("did you mean `networking.domain`?")
    );
    assert!(record.findings("s::attribute::pc").contains("a derivation"));
    assert!(record.findings("s::file::pc").contains("etc/motd"));
}

#[test]
fn a_file_that_only_a_build_knows_is_skipped() {
    let module = "{ pkgs, ... }: { environment.etc.built.source = pkgs.runCommand \"x\" { } \"echo > $out\"; }\n";
    let cases = "suite: s\ncases: [{ name: built, snapshot: { files: etc/built } }]\n";
    let record = fixture(cases, module).record(&[]);
    assert_eq!(record.with("skip"), ["s::built::pc"]);
    let text =
        "{ pkgs, ... }: { environment.etc.built.source = pkgs.writeText \"x\" \"known\"; }\n";
    let fixture = accepted(cases, text);
    assert!(files(&fixture)[0].1.contains("\"etc/built\" = \"known\";"));
}

#[test]
fn a_snapshot_that_was_touched_is_affected() {
    // What is in the tree with the base depends on the whole tree.
    let host = Host::new(Platform::NixOs, "pc").with_module(MODULE);
    let fixture = Fixture::with_inputs(&[host], &[("cases/s.yaml", CASES)]);
    fixture.run(&["run"]);
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    fixture.project.git_add_all();
    fixture.project.commit("accepted");
    let affected = ["run", "--affected"];
    let ran = fixture.run(&affected);
    assert!(ran.stderr.contains("nothing can differ"), "{}", ran.stderr);
    let file = "snapshots/pc/s__all@options.snap";
    let text = fixture.project.read(file).replace("lan", "wan");
    fixture.project.write(file, &text);
    assert_eq!(fixture.run(&affected).code(), Some(1));
}

#[test]
fn a_clone_elsewhere_has_the_same() {
    let fixture = accepted(CASES, MODULE);
    fixture.project.git_add_all();
    fixture.project.commit("accepted");
    let clone = Fixture::new(Project::clone_of(fixture.project.root()));
    let ran = clone.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
}

/// The tests of the reference's snapshots that fail after an edit of one of its modules.
fn failing_after(project: &Project, module: &str, old: &str, new: &str) -> Vec<String> {
    let text = project.read(module);
    assert!(text.contains(old), "{module} has no `{old}`");
    project.write(module, &text.replace(old, new));
    let cache = tempfile::tempdir().unwrap();
    let ran = Program::new(env!("CARGO_BIN_EXE_nix-parity"))
        .args(["run", "snapshots::", "--format", "jsonl"])
        .current_dir(project.root())
        .env("NIX_PARITY_CACHE_DIR", cache.path())
        .env("INSTA_UPDATE", "no")
        .run();
    project.write(module, &text);
    let record = Record::read(&ran);
    assert!(!record.results.is_empty() && record.with("error").is_empty());
    record.with("fail").into_iter().map(str::to_owned).collect()
}

#[test]
fn an_edit_fails_the_snapshots_that_it_reaches_and_no_other() {
    let repository = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let reference = Project::clone_of(
        &camino::Utf8Path::new(repository)
            .canonicalize_utf8()
            .unwrap(),
    );
    let (shared, ssh) = (
        "config/platforms/common/programs/fish.nix",
        "config/platforms/common/core/remote-access.nix",
    );
    let nothing = Vec::<String>::new();
    assert_eq!(
        failing_after(&reference, shared, "# fish", "# Fish"),
        nothing
    );
    // A Mac's system is compared here as well.
    assert_eq!(
        failing_after(&reference, shared, "\"git status\"", "\"git status -sb\""),
        [
            "snapshots::the system::future-nixos-pc",
            "snapshots::the system::macbook-air",
            "snapshots::the system::server",
            "snapshots::the system::workstation"
        ]
    );
    assert_eq!(
        failing_after(
            &reference,
            ssh,
            "X11Forwarding = false",
            "X11Forwarding = true"
        ),
        [
            "snapshots::access from outside::future-nixos-pc",
            "snapshots::access from outside::server",
            "snapshots::the system::future-nixos-pc",
            "snapshots::the system::server",
            "snapshots::the system::workstation"
        ]
    );
}
