//! Input that is wrong: what is said about it, the exit code, and that nothing is
//! evaluated on the way.

use insta::{allow_duplicates, assert_snapshot};
use nix_parity_testkit::{CountingNix, FakeNix, Need, Project, Ran};

use crate::support::{Fixture, assert_sound, transcript};

/// A case file that is right.
const RIGHT: &str = "cases:\n  - name: one\n    expect: { common: { a.b: 1 } }\n";

/// Runs with a Nix that must not be needed.
#[track_caller]
fn refused(fixture: &Fixture, arguments: &[&str]) -> Ran {
    let nix = CountingNix::new();
    let ran = fixture.run(&[&["--nix", nix.path().as_str()], arguments].concat());
    assert_eq!(nix.calls().to_string(), "", "nothing is to be evaluated");
    ran
}

/// What is said about these files, besides a right one.
#[track_caller]
fn about(files: &[(&str, &str)]) -> String {
    let fixture = Fixture::without_nix(files);
    fixture.project.write("cases/right.yaml", RIGHT);
    let ran = refused(&fixture, &["run"]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    // `list` says the same of the same files.
    assert_eq!(refused(&fixture, &["list"]).stderr, ran.stderr);
    transcript(&ran)
}

/// What is said about one case file.
#[track_caller]
fn about_cases(text: &str) -> String {
    about(&[("cases/wrong.yaml", text)])
}

/// A right case with these lines in it, and what is said about it.
#[track_caller]
fn about_case(lines: &str) -> String {
    about_cases(&format!("cases:\n  - name: one\n    {lines}\n"))
}

#[test]
fn no_project() {
    let fixture = Fixture::new(Project::new(&[]));
    let ran = refused(&fixture, &["-C", "nowhere", "run"]);
    assert_snapshot!("no folder", transcript(&ran));

    let ran = refused(&fixture, &["run"]);
    assert_snapshot!("no cases folder", transcript(&ran));

    std::fs::create_dir(fixture.project.path("cases")).unwrap();
    let ran = refused(&fixture, &["run"]);
    assert_snapshot!("an empty cases folder", transcript(&ran));

    fixture.project.write("cases/right.yaml", RIGHT);
    let ran = refused(&fixture, &["run"]);
    assert_snapshot!("no flake", transcript(&ran));
}

#[test]
fn hosts_that_are_not_there() {
    assert_snapshot!(
        "unknown host",
        about_case("hosts: [aire]\n    expect: { common: { a: 1 } }")
    );
    assert_snapshot!(
        "unknown host in a scope",
        about_case("expect: { hosts: { Lars: { a: 1 } } }")
    );
    assert_snapshot!(
        "a glob without a match",
        about_case("hosts: \"nixos:mac-*\"\n    expect: { common: { a: 1 } }")
    );
    assert_snapshot!(
        "a scope of no selected host",
        about_case("hosts: air\n    expect: { nixos: { a: 1 } }")
    );
    assert_snapshot!(
        "a host that the case leaves out",
        about_case("hosts: air\n    expect: { hosts: { pc: { a: 1 } } }")
    );
}

#[test]
fn keys_and_kinds() {
    assert_snapshot!(
        "unknown key of a file",
        about_cases("siute: x\ncases: []\n")
    );
    assert_snapshot!(
        "unknown key of a case",
        about_case("expcet: { common: { a: 1 } }")
    );
    assert_snapshot!("unknown scope", about_case("expect: { darwim: { a: 1 } }"));
    assert_snapshot!(
        "unknown matcher",
        about_case("expect: { common: { a: { includs: [1] } } }")
    );
    assert_snapshot!(
        "impossible matcher",
        about_case("expect: { common: { a: { length: -1, type: strng, ge: many } } }")
    );
    assert_snapshot!(
        "not a regular expression",
        about_case("expect: { common: { a: { matches: \"(\" } } }")
    );
    assert_snapshot!(
        "a set for a text",
        about_case("throws: { message: { mesage: x } }")
    );
    assert_snapshot!(
        "two kinds of check",
        about_case("eval: \"1\"\n    is: 1\n    warns: x")
    );
    assert_snapshot!("nothing is looked at", about_case("tags: [fast]"));
    assert_snapshot!(
        "a path that is none",
        about_case("expect: { common: { \"a..b\": 1, 'x.\"y': 2 } }")
    );
    assert_snapshot!(
        "no expression of Nix",
        about_case("eval: \"{ config, ... : 1\"\n    is: 1")
    );
    assert_snapshot!(
        "a time without a unit",
        about_case("timeout: 60\n    expect: { common: { a: 1 } }")
    );
    assert_snapshot!(
        "a case that is a list",
        about_cases("cases: { name: one }\n")
    );
    assert_snapshot!("an empty file", about_cases(""));
}

#[test]
fn names_given_twice() {
    assert_snapshot!(
        "two cases of a name",
        about_cases(
            "cases:\n  - name: a\n    warns: x\n  - name: b\n    warns: x\n  - name: a\n    warns: x\n"
        )
    );
    assert_snapshot!(
        "two suites of a name",
        about(&[
            ("cases/a.yaml", &format!("suite: same\n{RIGHT}")),
            ("cases/b.yaml", &format!("suite: same\n{RIGHT}")),
        ])
    );
    assert_snapshot!("a key twice", about_case("warns: x\n    warns: y"));
    assert_snapshot!(
        "a path twice",
        about_case("expect: { common: { a.b: 1, '\"a\".b': 2 } }")
    );
}

#[test]
fn texts_that_are_no_yaml() {
    assert_snapshot!("a tab", about_cases("cases:\n\t- name: one\n"));
    assert_snapshot!(
        "a bracket left open",
        about_cases("cases: [ { name: one }\n")
    );
    assert_snapshot!(
        "two documents",
        about_cases(&format!("{RIGHT}---\n{RIGHT}"))
    );

    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let previous = format!("*a{}", level - 1);
        let aliases = [previous.as_str(); 10].join(", ");
        bomb.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    assert_snapshot!("an alias bomb", about_cases(&format!("{bomb}{RIGHT}")));
    assert_snapshot!(
        "deep nesting",
        about_cases(&format!("cases: {}", "[".repeat(100_000)))
    );
}

#[test]
fn files_that_cannot_be_read() {
    let fixture = Fixture::without_nix(&[("cases/right.yaml", RIGHT)]);
    let wrong = fixture.project.path("cases/wrong.yaml");

    std::fs::write(&wrong, b"cases:\n  - name: caf\xe9\n").unwrap();
    let ran = refused(&fixture, &["run"]);
    assert_snapshot!("not UTF-8", transcript(&ran));

    // All holes: it takes no room on the disk.
    std::fs::File::create(&wrong)
        .unwrap()
        .set_len(100_000_000)
        .unwrap();
    let ran = refused(&fixture, &["run"]);
    assert_snapshot!("a hundred megabytes", transcript(&ran));

    std::fs::remove_file(&wrong).unwrap();
    std::os::unix::fs::symlink("nowhere.yaml", &wrong).unwrap();
    let ran = refused(&fixture, &["run"]);
    assert_eq!(ran.code(), Some(2));
    assert_snapshot!("a link to nowhere", transcript(&ran));

    // A folder of that name is a folder: what is in it counts.
    std::fs::remove_file(&wrong).unwrap();
    fixture
        .project
        .write("cases/wrong.yaml/inner.yaml", "cases: 1\n");
    let ran = refused(&fixture, &["run"]);
    assert_snapshot!("a folder named as a file", transcript(&ran));
}

#[test]
fn a_file_without_permission_needs_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    Need::Permissions.require();
    let fixture = Fixture::without_nix(&[("cases/right.yaml", RIGHT)]);
    let path = fixture.project.path("cases/right.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let ran = fixture.program(&["run"]).held_to_permissions().run();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("cases/right.yaml"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Permission denied"), "{}", ran.stderr);
}

#[test]
fn settings() {
    let parity = |text: &str| about(&[("parity.yaml", text)]);
    assert_snapshot!("unknown setting", parity("profil: offline\n"));
    assert_snapshot!(
        "unknown profile in use",
        parity("profile: offlin\nprofiles: { offline: {} }\n")
    );
    assert_snapshot!("no hosts named", parity("hosts: { nixos: [] }\n"));
    assert_snapshot!("jobs", parity("evaluation: { jobs: 0, timeout: soon }\n"));

    let fixture = Fixture::without_nix(&[
        ("cases/right.yaml", RIGHT),
        (
            "parity.yaml",
            "profiles: { offline: {} }\nhosts: { nixos: [pc] }\n",
        ),
    ]);
    let ran = refused(&fixture, &["run", "--profile", "ofline"]);
    assert_snapshot!("unknown profile asked for", transcript(&ran));
}

#[test]
fn the_command_line() {
    let fixture = Fixture::without_nix(&[("cases/right.yaml", RIGHT)]);
    for arguments in [
        &["run", "--profil", "x"][..],
        &["rum"],
        &["run", "--platform", "windows"],
        &["run", "--jobs", "0"],
        &["run", "--override-input", "nixpkgs"],
        &["run", "--exact"],
        &[],
    ] {
        let ran = refused(&fixture, arguments);
        assert_eq!(ran.code(), Some(2), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty());
    }
    let ran = refused(&fixture, &["run", "--host", "aire"]);
    assert_snapshot!("a host asked for that is not there", transcript(&ran));

    for arguments in [
        &["run", "nothing is called this"][..],
        &["list", "nothing is called this"],
        &["run", "one", "--exact"],
        &["run", "--tag", "slow"],
        &["run", "--host", "pc", "--platform", "darwin"],
    ] {
        let ran = refused(&fixture, arguments);
        allow_duplicates! {
            assert_snapshot!("nothing is selected", transcript(&ran));
        }
    }
}

/// A project whose hosts are asked for, so that Nix is needed at once.
fn with_nix_needed() -> Fixture {
    Fixture::new(Project::new(&[
        ("flake.nix", "{ outputs = _: { }; }\n"),
        ("cases/right.yaml", RIGHT),
    ]))
}

#[test]
fn no_nix() {
    let fixture = with_nix_needed();
    let ran = fixture.program(&["run"]).env("PATH", "/var/empty").run();
    assert_sound(&ran);
    assert_snapshot!("no nix on PATH", transcript(&ran));
    let ran = fixture.run(&["run", "--nix", "/var/empty/nix"]);
    assert_snapshot!("a nix that is not there", transcript(&ran));
    let ran = fixture
        .program(&["run"])
        .env("NIX_PARITY_NIX", "/var/empty/nix")
        .run();
    assert_snapshot!("a nix that is not there", transcript(&ran));
}

#[test]
fn a_nix_that_will_not_do() {
    let fixture = with_nix_needed();
    for (name, version) in [
        ("an old nix", "nix (Nix) 2.17.1"),
        ("another program", "GNU coreutils 9.1"),
        ("a silent program", ""),
    ] {
        let nix = FakeNix::builder().version(version).build();
        let ran = fixture.run(&["run", "--nix", nix.path().as_str()]);
        assert_eq!(ran.code(), Some(3));
        assert_snapshot!(name, transcript(&ran));
        assert_eq!(nix.calls().to_string(), "--version\n");
    }
}

#[test]
fn versions() {
    let fixture = with_nix_needed();
    let own = concat!("nix-parity ", env!("CARGO_PKG_VERSION"), "\n");
    let nix = FakeNix::builder().version("nix (Nix) 2.30.1").build();
    let said = |argument: &str, nix: &str| {
        let program = fixture.program(&[argument]);
        let ran = program.env("NIX_PARITY_NIX", nix).run();
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        ran.stdout
    };
    assert_eq!(said("-V", nix.path().as_str()), own);
    assert_eq!(nix.calls().to_string(), "", "nothing is started");
    let both = said("--version", nix.path().as_str());
    assert_eq!(both, format!("{own}nix (Nix) 2.30.1, {}\n", nix.path()));
    let without = said("--version", "/var/empty/nix");
    let rest = without.strip_prefix(own).unwrap();
    assert!(rest.starts_with("cannot start `/var/empty/nix`"), "{rest}");
}

#[test]
fn flakes_that_cannot_be_loaded() {
    let fixture = with_nix_needed();
    assert_snapshot!("a flake without hosts", transcript(&fixture.run(&["run"])));
    fixture
        .project
        .write("flake.nix", "{\n  outputs = _: {\n}\n");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stderr.contains("flake.nix:4:1"), "{}", ran.stderr);
    fixture
        .project
        .write("flake.nix", "{ outputs = _: throw \"not today\"; }\n");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stderr.contains("not today"), "{}", ran.stderr);
}

#[test]
fn inputs_that_cannot_be_fetched() {
    let fixture = with_nix_needed();
    let outputs = "outputs = { absent, ... }: { nixosConfigurations.pc = absent.pc; };";
    for (name, url) in [
        ("a folder that is not there", "path:/var/empty/nothing"),
        (
            "an archive that is not there",
            "file:///var/empty/nothing.tar.gz",
        ),
    ] {
        let flake = format!("{{\n  inputs.absent.url = \"{url}\";\n  {outputs}\n}}\n");
        fixture.project.write("flake.nix", &flake);
        let ran = fixture.run(&["run"]);
        assert_eq!(ran.code(), Some(3), "{name}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("/var/empty/nothing"),
            "{name}: {}",
            ran.stderr
        );
    }
    let ran = fixture.run(&["run", "--override-input", "absent", "path:/var/empty/else"]);
    assert_eq!(ran.code(), Some(3));
    assert!(ran.stderr.contains("/var/empty/else"), "{}", ran.stderr);
    let ran = fixture.run(&["run", "--override-input", "absent", "no such thing:"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stderr.contains("no such thing:"), "{}", ran.stderr);
}

#[test]
fn a_server_that_refuses_costs_seconds_not_minutes() {
    // A port that was free a moment ago: nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let fixture = with_nix_needed();
    let flake = format!(
        "{{\n  inputs.absent.url = \"http://{address}/x.tar.gz\";\n  outputs = {{ absent, ... }}: absent;\n}}\n"
    );
    fixture.project.write("flake.nix", &flake);
    let began = std::time::Instant::now();
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(3));
    assert!(ran.stderr.contains(&address.to_string()), "{}", ran.stderr);
    // Nix tries five times, with longer and longer pauses.
    assert!(began.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn a_repository_that_is_not_there_is_named() {
    let fixture = with_nix_needed();
    fixture.project.write(
        "flake.nix",
        "{\n  inputs.absent.url = \"git+file:///var/empty/nothing\";\n  outputs = { absent, ... }: absent;\n}\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(3));
    assert!(
        ran.stderr.contains("git+file:///var/empty/nothing"),
        "{}",
        ran.stderr
    );
}

#[test]
fn doctor_says_what_is_lacking() {
    let fixture = with_nix_needed();
    let ran = fixture.program(&["doctor"]).env("PATH", "/var/empty").run();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(3));
    assert!(ran.stdout.contains("BAD"), "{}", ran.stdout);

    let nix = FakeNix::builder().version("nix (Nix) 2.3.16").build();
    let ran = fixture.run(&["doctor", "--nix", nix.path().as_str()]);
    assert_eq!(ran.code(), Some(3));
    assert!(ran.stdout.contains("2.18 or newer"), "{}", ran.stdout);
}
