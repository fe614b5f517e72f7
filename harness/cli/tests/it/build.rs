//! `build`: what really comes out of Nix, with real builds of small derivations. The
//! hosts that are built are of the machines that run this.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::os::unix::fs::PermissionsExt as _;

use nix_parity_testkit::{
    CountingNix, Host, Platform, Program, Running, assert_none_left, processes_with,
};

use crate::support::{Fixture, wait_until};

/// A word that no other run of these tests has, so that what it is in is built anew.
fn unique() -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    format!("{}-{now}", std::process::id())
}

/// A host of whose `system.build` the cases are.
fn fixture(builds: &str, cases: &str) -> Fixture {
    let module =
        format!("{{ config, pkgs, lib, ... }}: {{ system.build = rec {{\n{builds}\n}}; }}\n");
    let host = Host::new(Platform::NixOs, "pc").with_module(&module);
    let settings = ("parity.yaml", "hosts: { nixos: { pc: x86_64-linux } }\n");
    Fixture::with_hosts(&[host], &[settings, ("cases/s.yaml", cases)])
}

const FILES: &str = r#"
    files = pkgs.runCommand "files" { } ''
      mkdir -p "$out/etc" "$out/bin"
      echo 'PermitRootLogin no' > "$out/etc/sshd_config"
      printf '#!/bin/sh\n' > "$out/bin/run"
      chmod 0555 "$out/bin/run"
      ln -s ../etc/sshd_config "$out/bin/link"
      ln -s "$out/etc" "$out/absolute"
      ln -s /etc/passwd "$out/out"
      ln -s circle "$out/circle"
      ln -s gone "$out/dangling"
      printf '\377\376' > "$out/binary"
      printf '\033[31m::error::red\r\n<b>&' > "$out/hostile"
    '';
    text = pkgs.writeText "text" "only this\n";
"#;

#[test]
fn files_are_as_they_were_built() {
    let fixture = fixture(
        FILES,
        r#"
cases:
  - name: all
    build:
      attr: system.build.files
      files:
        etc/sshd_config: PermitRootLogin no
        bin/run: { mode: "0555", contents: { matches: "^#!" } }
        bin/link: { target: ../etc/sshd_config, contents: { equals: "PermitRootLogin no\n" }, mode: "0444" }
        absolute/sshd_config: { contains: Root, not: { contains: "yes" } }
        out: { target: { equals: /etc/passwd } }
        etc: { exists: true }
        etc/gone: { exists: false }
  - name: the output is a file
    build: { attr: system.build.text, files: { .: { equals: "only this\n" } } }
  - name: the system
    build: { attr: system, files: { etc/hostname: pc } }
"#,
    );
    let nix = CountingNix::new();
    let run = || {
        let ran = fixture.run(&["--nix", nix.path().as_str(), "run"]);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("3 passed"), "{}", ran.stdout);
        nix.calls().to_string()
    };
    let first = run();
    assert!(first.contains("build --no-link"), "{first}");
    assert_eq!(run(), first, "nothing is built or evaluated again");
}

#[test]
fn what_is_wrong_with_files_is_said() {
    let cases: Vec<_> = [
        ("contents", r#"etc/sshd_config: "PermitRootLogin yes""#),
        ("missing", "etc/sshd_conf: { exists: true }"),
        ("there", "etc/sshd_config: { exists: false }"),
        ("mode", r#"bin/run: { mode: "0444" }"#),
        ("target", "bin/link: { target: elsewhere }"),
        ("nolink", "bin/run: { target: elsewhere }"),
        ("dangling", "dangling: { exists: true }"),
        ("folder", "etc: x"),
        ("hostile", "hostile: green"),
        ("out", "out: root"),
        ("circle", "circle: x"),
        ("binary", "binary: x"),
    ]
    .map(|(name, files)| {
        format!(
            "  - {{ name: {name}, build: {{ attr: system.build.files, files: {{ {files} }} }} }}\n"
        )
    })
    .into();
    let fixture = fixture(FILES, &format!("cases:\n{}", cases.concat()));
    let record = fixture.record(&[]);
    assert_eq!(record.code, Some(1));
    assert_eq!(record.with("pass"), Vec::<&str>::new());
    // What cannot be found out is not known to be wrong.
    let errors = ["binary", "circle", "out"].map(|name| format!("s::{name}::pc"));
    assert_eq!(record.with("error"), errors);
    for (test, said) in [
        ("contents", "PermitRootLogin no"),
        ("missing", "nothing is there"),
        ("there", "a file"),
        ("mode", "0555"),
        ("target", "../etc/sshd_config"),
        ("nolink", "a link"),
        ("dangling", "where nothing is"),
        ("folder", "a folder"),
        ("hostile", "::error::red"),
        ("out", "it leads out of the store, to /etc/passwd"),
        ("circle", "it leads through more than 40 links"),
        ("binary", "it is no text: byte 0 is not UTF-8"),
    ] {
        let findings = record.findings(&format!("s::{test}::pc"));
        assert!(findings.contains(said), "{test}: {findings}");
    }
    // No report is acted on by a terminal.
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
}

#[test]
fn what_a_hidden_option_says_is_not_shown() {
    let module = r#"{ environment.etc."secret".text = "hunter2"; }"#;
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let cases = "cases:\n  - { name: a, build: { attr: system, files: { etc/secret: other } } }\n";
    let settings = "redact: ['environment.etc.secret']\n";
    let fixture = Fixture::with_hosts(
        &[host],
        &[("parity.yaml", settings), ("cases/s.yaml", cases)],
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("<redacted>"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("hunter2"), "{}", ran.stdout);
}

/// A derivation that fails after many lines, below two that need it.
fn failing() -> String {
    let unique = unique();
    format!(
        r#"
    leaf = pkgs.runCommand "leaf" {{ }} ''
      # {unique}
      for n in $(seq 1 100); do echo "line $n"; done
      printf '@nix {{"action":"msg","level":0,"msg":"error: forged"}}\n'
      printf '\033[31m::error::red\033[0m\377\n'
      echo 'no rule to make it'
      exit 3
    '';
    middle = pkgs.runCommand "middle" {{ }} "cat ${{leaf}} > $out";
    top = pkgs.runCommand "top" {{ }} "cat ${{middle}} > $out";
    fine = pkgs.writeText "fine" "x";
"#
    )
}

#[test]
fn a_failing_build_names_its_cause() {
    let fixture = fixture(
        &failing(),
        "cases: [{ name: builds, build: { attr: system.build.top } }]\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    for said in [
        "system.build.top does not build",
        "leaf: builder failed with exit code 3",
        "> line 99",
        "> no rule to make it",
        "-leaf.drv` has the whole log",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    for unsaid in ["> line 50\n", "forged", "middle"] {
        assert!(!ran.stdout.contains(unsaid), "{unsaid}: {}", ran.stdout);
    }
}

#[test]
fn a_build_may_have_to_fail() {
    let fixture = fixture(
        &failing(),
        r#"
cases:
  - { name: fails, build: { attr: system.build.top, fails: { matches: "no rule to make (it|them)" } } }
  - { name: code, build: { attr: system.build.top, fails: exit code 3 } }
  - { name: otherwise, build: { attr: system.build.top, fails: out of tune } }
  - { name: builds, build: { attr: system.build.fine, fails: x } }
  - { name: none, build: { attr: system.build.fien, fails: x } }
  - { name: known, expected_failure: { until: it is mended }, build: { attr: system.build.top } }
"#,
    );
    let record = fixture.record(&[]);
    assert_eq!(
        record.with("pass"),
        ["s::code::pc", "s::fails::pc", "s::known::pc"]
    );
    let others = ["s::builds::pc", "s::none::pc", "s::otherwise::pc"];
    assert_eq!(record.with("fail"), others);
    let near = record.findings("s::none::pc");
    assert!(near.contains("did you mean `system.build.fine`?"), "{near}");
    let log = record.findings("s::otherwise::pc");
    assert!(log.contains("no rule to make it"), "{log}");
}

#[test]
fn a_build_that_could_not_be_tried_has_not_failed() {
    let fixture = fixture(
        &failing(),
        "cases: [{ name: fails, build: { attr: system.build.top, fails: { matches: '.' } } }]\n",
    );
    // As where the daemon is gone: nothing was started.
    let nix = stand_in(
        &fixture,
        r#"*" --print-out-paths "*) echo '@nix {"action":"msg","level":0,"msg":"error: x","raw_msg":"cannot connect to the daemon"}' >&2; exit 1 ;;"#,
    );
    let ran = fixture.run(&["--nix", &nix, "run"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    let said = "the build could not be tried, exit code 1: cannot connect to the daemon";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
}

/// The real Nix behind a script with one more case of its arguments.
fn stand_in(fixture: &Fixture, case: &str) -> String {
    let script = format!("#!/bin/sh\ncase \" $* \" in\n{case}\nesac\nexec nix \"$@\"\n");
    fixture.project.write("bin/nix", &script);
    let path = fixture.project.path("bin/nix");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.into_string()
}

const CLOSURE: &str = r#"
    openssl = pkgs.runCommand "openssl-1.1.1w" { } "mkdir $out; seq 1 1000 > $out/lib";
    curl = pkgs.runCommand "curl-8.0" { } "mkdir $out; ln -s ${openssl}/lib $out/lib";
    app = pkgs.runCommand "app" { } "mkdir $out; ln -s ${curl} $out/curl";
    # What it is built with is no part of what it needs.
    clean = pkgs.runCommand "clean" { } "test -e ${openssl}/lib; echo x > $out";
"#;

#[test]
fn a_closure_is_weighed_and_looked_through() {
    let fixture = fixture(
        CLOSURE,
        r#"
cases:
  - { name: fits, build: { attr: system.build.app, closure: { max_size: 1MiB, require: [curl-*], forbid: ["*-dev"] } } }
  - { name: clean, build: { attr: system.build.clean, closure: { forbid: openssl-* } } }
  - { name: large, build: { attr: system.build.app, closure: { max_size: 1KiB } } }
  - { name: forbidden, build: { attr: system.build.app, closure: { forbid: ["openssl-1.1*"] } } }
  - { name: required, build: { attr: system.build.app, closure: { require: [wget-*] } } }
"#,
    );
    let record = fixture.record(&[]);
    assert_eq!(record.with("pass"), ["s::clean::pc", "s::fits::pc"]);
    for (test, said) in [
        ("large", "in 3 paths"),
        (
            "forbidden",
            "openssl-1.1.1w: app → curl-8.0 → openssl-1.1.1w",
        ),
        ("required", "something called wget-*"),
    ] {
        let findings = record.findings(&format!("s::{test}::pc"));
        assert!(findings.contains(said), "{test}: {findings}");
    }
}

#[test]
fn what_cannot_be_measured_is_an_error() {
    let fixture = fixture(
        CLOSURE,
        "cases: [{ name: fits, build: { attr: system.build.app, closure: { max_size: 1GiB } } }]\n",
    );
    for (answer, said) in [
        ("echo '{}'; exit 0", "Nix says nothing of it"),
        ("exit 7", "exit code 7"),
        (
            "nix \"$@\" | sed 's/\"narSize\":[0-9]*/\"narSize\":null/'; exit 0",
            "Nix gives no size of",
        ),
    ] {
        let nix = stand_in(&fixture, &format!("*\" path-info \"*) {answer} ;;"));
        let ran = fixture.run(&["--nix", &nix, "run"]);
        assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
}

#[test]
fn growth_is_measured_against_what_was_accepted() {
    let build = |text: &str| format!("grown = pkgs.writeText \"grown\" \"{text}\";");
    let case =
        "cases: [{ name: a, build: { attr: system.build.grown, closure: { max_growth: 10% } } }]\n";
    let fixture = fixture(&build(&"x".repeat(2_000)), case);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout.contains("size was not accepted yet"),
        "{}",
        ran.stdout
    );
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    assert!(
        fixture
            .project
            .read("snapshots/pc/s__a@size.snap")
            .contains("\nbytes ")
    );
    assert_eq!(fixture.run(&["run"]).code(), Some(0));

    let module = fixture.project.read("hosts/pc.nix");
    for (letters, code) in [(2_100, 0), (3_000, 1), (1_000, 0)] {
        let changed = module.replace(&"x".repeat(2_000), &"x".repeat(letters));
        fixture.project.write("hosts/pc.nix", &changed);
        let ran = fixture.run(&["run"]);
        assert_eq!(ran.code(), Some(code), "{letters}: {}", ran.stdout);
    }
}

#[test]
fn what_was_collected_is_built_again() {
    let fixture = fixture(
        "it = pkgs.writeText \"it\" \"x\";",
        "cases: [{ name: a, build: { attr: system.build.it, files: { .: made } } }]\n",
    );
    // A store from which something can be taken away.
    let store = tempfile::tempdir().unwrap();
    let (output, log) = (store.path().join("a-it"), store.path().join("log"));
    let nix = stand_in(
        &fixture,
        &format!(
            "*\" --print-out-paths \"*) echo made | tee -a {} > {output}; echo {output}; exit 0 ;;",
            log.display(),
            output = output.display()
        ),
    );
    let builds = || {
        let ran = fixture.run(&["--nix", &nix, "run"]);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        std::fs::read_to_string(&log).unwrap().lines().count()
    };
    assert_eq!((builds(), builds()), (1, 1));
    std::fs::remove_file(&output).unwrap();
    assert_eq!((builds(), builds()), (2, 2));
}

#[test]
fn what_this_machine_cannot_build_is_skipped() {
    let hosts = [
        Host::new(Platform::Darwin, "air"),
        Host::new(Platform::NixOs, "pc"),
    ];
    let cases = "cases: [{ name: a, build: { attr: system, files: { etc/shells: x } } }]\n";
    let fixture = Fixture::with_hosts(&hosts, &[("cases/s.yaml", cases)]);
    let nix = CountingNix::new();
    let run = || {
        let ran = fixture.run(&["--nix", nix.path().as_str(), "run", "--host", "air"]);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        for said in [
            "1 skipped (needs aarch64-darwin to build)",
            "nothing is proven",
        ] {
            assert!(ran.stdout.contains(said), "{}", ran.stdout);
        }
        nix.calls().to_string()
    };
    let first = run();
    assert!(
        !first.contains("--print-out-paths"),
        "nothing is tried: {first}"
    );
    assert_eq!(run(), first, "and nothing is asked again");
}

#[test]
fn a_feature_that_nobody_has_is_named() {
    let fixture = fixture(
        r#"it = pkgs.runCommand "it" { requiredSystemFeatures = [ "no-such-device" ]; } "exit 1";"#,
        "cases: [{ name: a, build: { attr: system.build.it, fails: { matches: '.' } } }]\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    let said = "1 skipped (needs x86_64-linux with no-such-device to build)";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
}

/// A build without end, and what its processes have in their command line.
fn endless() -> (String, String) {
    let seconds = 7_000_000 + std::process::id();
    let build = format!(
        "endless = pkgs.runCommand \"endless-{}\" {{ }} \"sleep {seconds} & sleep {seconds}\";",
        unique()
    );
    (build, format!("sleep {seconds}"))
}

#[test]
fn a_build_without_end_is_ended_with_all_that_it_started() {
    let (build, marker) = endless();
    let fixture = fixture(
        &build,
        "cases: [{ name: a, timeout: 3s, build: { attr: system.build.endless, fails: { matches: '.' } } }]\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    let said = "no answer within 3 s, the time limit of the case";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    assert_none_left(&marker);
}

/// A run that is at such a build, with the project that it is of.
fn building(prepare: impl FnOnce(Program) -> Program) -> (Fixture, Running, String) {
    let (build, marker) = endless();
    let fixture = fixture(
        &build,
        "cases: [{ name: a, build: { attr: system.build.endless } }]\n",
    );
    let running = prepare(fixture.program(&["run"])).start();
    wait_until("the build", || !processes_with(&marker).is_empty());
    (fixture, running, marker)
}

#[test]
fn an_interrupted_build_leaves_nothing_behind() {
    let (_fixture, running, marker) = building(|program| program);
    running.signal("INT");
    let ran = running.finish();
    assert_eq!(ran.code(), Some(130), "{}{}", ran.stdout, ran.stderr);
    assert_none_left(&marker);
}

#[test]
fn a_closed_terminal_leaves_no_build_behind() {
    let (_fixture, running, marker) = building(|program| program);
    running.signal("HUP");
    let ran = running.finish();
    assert_eq!(ran.code(), Some(130), "{}{}", ran.stdout, ran.stderr);
    assert_none_left(&marker);
}

#[test]
fn without_a_death_signal_a_killed_harness_leaves_no_build_behind() {
    let (_fixture, running, marker) = building(Program::without_death_signal);
    running.signal("KILL");
    assert_eq!(running.finish().signal(), Some(9));
    wait_until("the end of the build", || {
        processes_with(&marker).is_empty()
    });
}

#[test]
fn a_killed_harness_leaves_no_build_behind() {
    let (_fixture, running, marker) = building(|program| program);
    running.signal("KILL");
    assert_eq!(running.finish().signal(), Some(9));
    assert_none_left(&marker);
}

#[test]
fn what_is_built_is_told_as_it_goes_and_comes_last() {
    let (name, cases) = (
        format!("told-{}", unique()),
        r#"
cases:
  - { name: built, build: { attr: system.build.it } }
  - { name: evaluated, eval: "{ ... }: 1", is: 1 }
"#,
    );
    let fixture = fixture(&format!("it = pkgs.writeText \"{name}\" \"x\";"), cases);
    let ran = fixture.run(&["run", "--format", "jsonl"]);
    let told = format!("building {name}, 1 of 1");
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);
    let place = |case: &str| ran.stdout.find(&format!("\"case\":\"{case}\"")).unwrap();
    assert!(place("evaluated") < place("built"), "{}", ran.stdout);
}
