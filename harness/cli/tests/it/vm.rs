//! `vm`: from a case file to a machine and back. There is no nixpkgs here whose tests
//! could be built; a stand-in for its function takes what it is given, and what it gives
//! back is a stand-in for the driver. The machines, where there are any, are real. The
//! hosts are of the system that runs this.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use nix_parity_testkit::{DriverMode, Guest, Host, Platform, StandInDriver};

use crate::support::Fixture;

/// A project with one NixOS host, and these cases.
fn fixture(cases: &str) -> Fixture {
    let host = Host::new(Platform::NixOs, "pc").with_module("{ networking.hostName = \"pc\"; }\n");
    Fixture::with_hosts(&[host], &[("cases/s.yaml", cases)])
}

/// The same, with tests of machines whose driver is this program.
pub(crate) fn with_tests(cases: &str, driver: &str) -> Fixture {
    let fixture = fixture(cases);
    let flake = fixture.project.read("flake.nix");
    let host = "nixos \"pc\" ./hosts/pc.nix";
    assert!(flake.contains(host), "{flake}");
    let tested = format!(
        r#"(let
          made = nixos "pc" ./hosts/pc.nix;
          base = made.extendModules {{ specialArgs.mark = "own"; specialArgs.modulesPath = "/of/the/host"; }};
          # What the test is given shows on the kernel's command line.
          given = test: module: let node = module {{ inherit (base.pkgs) lib; }}; in "np.memory=${{toString (node.virtualisation.memorySize or 0)}} np.modules=${{toString (builtins.length node.imports)}} np.ocr=${{if test.enableOCR then "yes" else "no"}} np.special=${{toString (builtins.attrValues test.node.specialArgs)}} np.host=${{nameOf (evaluated test module).config}}";
          nameOf = config:
            if config.nixpkgs.config != {{ }} then throw "a test refuses hosts that configure its packages"
            else config.networking.hostName;
          # As a test does: with its own packages beside the host's modules, which may configure theirs.
          evaluated = test: node: nixpkgs.lib.nixosSystem {{
            inherit (test.node) specialArgs;
            modules = [ node {{ _module.check = false; nixpkgs.pkgs = base.pkgs; }} ];
          }};
          runNixOSTest = test: {{
            # The whole test as a build, which fails for one script.
            inherit (base.pkgs.runCommand test.name {{ }} ''
              read -r line < ${{builtins.toFile "test-script" test.testScript}} || true
              if [ "$line" = refused ]; then echo "the script failed" >&2; exit 1; fi
              echo > $out
            '') drvPath;
            driver = base.pkgs.writeTextFile {{
              name = test.name;
              destination = "/bin/nixos-test-driver";
              executable = true;
              text = ''
                #!/bin/sh
                export QEMU_KERNEL_PARAMS='${{given test test.nodes.machine}}'
                export testScript=${{builtins.toFile "test-script" test.testScript}}
                exec {driver} "$@"
              '';
            }};
          }};
        in base // {{ pkgs = base.pkgs // {{ testers = {{ inherit runNixOSTest; }}; }}; }})"#
    );
    fixture
        .project
        .write("flake.nix", &flake.replace(host, &tested));
    let module = "{ mark, ... }: {
        networking.hostName = \"pc\";
        nixpkgs = if mark == \"own\" then { config.allowUnfree = true; } else throw mark;
    }\n";
    fixture.project.write("hosts/pc.nix", module);
    fixture
}

#[test]
fn without_tests_of_machines_a_case_is_skipped() {
    let fixture =
        fixture("cases: [{ name: it boots, vm: { steps: [ { succeed: \"true\" } ] } }]\n");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    for said in ["1 skipped", "this nixpkgs has no testers.runNixOSTest"] {
        assert!(ran.stdout.contains(said), "{}", ran.stdout);
    }
}

#[test]
fn a_driver_that_says_nothing_of_steps_passes_none() {
    let driver = StandInDriver::new(DriverMode::Pass);
    let cases = "cases:
  - { name: a script, vm: { script: \"pass\" } }
  - { name: steps, vm: { steps: [ { succeed: \"true\" } ] } }
";
    let ran = with_tests(cases, driver.path().as_str()).run(&["run"]);
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    for said in ["1 passed, 1 error", "not all steps were told of"] {
        assert!(ran.stdout.contains(said), "{}", ran.stdout);
    }
}

#[test]
fn what_a_driver_ends_with_is_told() {
    for (mode, code, words) in [
        (
            DriverMode::NotRun,
            3,
            "the driver ended well without having run the script",
        ),
        (
            DriverMode::Failure,
            1,
            "Exception: command `false` failed (exit code 1)",
        ),
        (DriverMode::SubtestFailures, 1, "three"),
    ] {
        let driver = StandInDriver::new(mode);
        let cases = "cases: [{ name: a script, vm: { script: \"pass\" } }]\n";
        let fixture = with_tests(cases, driver.path().as_str());
        let ran = fixture.run(&["run"]);
        assert_eq!(
            ran.code(),
            Some(code),
            "{mode:?}: {}{}",
            ran.stdout,
            ran.stderr
        );
        assert!(ran.stdout.contains(words), "{mode:?}: {}", ran.stdout);
        let log = fixture
            .project
            .read(".nix-parity/runs/pc/s__a_script/driver.log");
        assert!(log.contains("cleanup"), "{log}");
    }
}

#[test]
fn a_driver_that_cannot_be_evaluated_or_started_is_an_error() {
    let cases = "cases: [{ name: x, vm: { script: pass } }]\n";
    let driver = StandInDriver::new(DriverMode::Pass);
    let fixture = with_tests(cases, driver.path().as_str());
    let flake = fixture.project.read("flake.nix");
    let broken = flake.replace("executable = true;", "executable = throw \"no driver\";");
    fixture.project.write("flake.nix", &broken);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("no driver"), "{}", ran.stdout);
    let broken = flake.replace("destination = \"/bin", "destination = \"/dev/null");
    fixture.project.write("flake.nix", &broken);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    let said = "the driver of its machines cannot be";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
}

const MACHINE: &str = r#"cases:
  - name: it answers
    with: "{ }"
    vm:
      memory: 300MiB
      steps:
        - { succeed: "grep -q 'np.memory=300 np.modules=[2-9] np.ocr=no np.special=own np.host=pc' /proc/cmdline" }
        - { expect: { command: "hostname", is: { matches: "^mach" } } }
        - { succeed: "test ! -e /tmp/seen; : > /tmp/seen" }
        - { screenshot: screen }
  - name: it is another
    with: "{ }"
    vm:
      memory: 300MiB
      steps:
        - { succeed: "test -e /tmp/seen" }
        - { expect: { command: "echo one; echo two", is: one } }
        - { fail: "true" }
        - { wait_for_file: /not/there, timeout: 100ms }
        - { succeed: "true" }
  - name: it is alone
    with: "{ }"
    vm: { memory: 300MiB, isolated: true, steps: [ { fail: "test -e /tmp/seen" } ] }
"#;

#[test]
fn cases_share_a_boot_and_fail_each_for_itself_needs_guest() {
    let guest = Guest::new();
    let driver = guest.driver("raise Exception('not what was built')");
    let fixture = with_tests(MACHINE, driver.as_str());
    let record = fixture.run(&["run", "--format", "jsonl"]);
    assert_eq!(record.code(), Some(1), "{}", record.stdout);
    fixture.project.write("run.jsonl", &record.stdout);
    let ran = fixture.run(&[
        "report",
        "--from",
        "run.jsonl",
        "--html",
        "page.html",
        "--junit",
        "junit.xml",
    ]);
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    for said in [
        "3 tests on 1 host: 2 passed, 1 failed",
        "expect echo one; echo two",
        "unexpectedly succeeded",
        "timed out",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    let runs = std::fs::read_dir(fixture.project.root().join(".nix-parity/runs/pc")).unwrap();
    let mut runs: Vec<_> = runs
        .map(|run| run.unwrap().file_name().into_string().unwrap())
        .collect();
    runs.sort();
    assert_eq!(
        runs,
        ["s__it_is_alone", "s__it_answers"]
            .map(str::to_owned)
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    let picture = ".nix-parity/runs/pc/s__it_answers/it-answers-screen.png";
    let bytes = std::fs::read(fixture.project.root().join(picture)).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"));
    // What came of a case is in the record of the run.
    let mut told = record.stdout.lines().filter(|l| l.contains(picture));
    let told = told.next().unwrap_or_default();
    assert!(told.contains("s__it_answers/driver.log"), "{told}");
    // The screen is on the page itself, and JUnit's consumers are told where it is.
    let page = fixture.project.read("page.html");
    assert!(page.contains("src=\"data:image/png;base64,iVBOR"));
    let junit = fixture.project.read("junit.xml");
    assert!(junit.contains("it-answers-screen.png"), "{junit}");
}

#[test]
fn an_interactive_driver_gets_the_terminal() {
    let cases =
        "cases: [{ name: a script, vm: { script: \"pass\" } }, { name: b, vm: { script: x } }]\n";
    // Without a terminal a driver ends well and has run nothing; here nothing else is asked.
    let driver = StandInDriver::new(DriverMode::NotRun);
    let fixture = with_tests(cases, driver.path().as_str());
    // What it prints passes through as it is.
    let ran = fixture.program(&["vm", "a script", "--interactive"]).run();
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("cleanup"), "{}", ran.stderr);
    for (name, said) in [
        ("::", "2 `vm` tests have"),
        ("no such", "0 `vm` tests have"),
    ] {
        let ran = fixture.run(&["vm", name, "--interactive"]);
        assert_eq!(ran.code(), Some(2), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn a_strict_test_is_its_build() {
    for (script, code, said) in [("pass", 0, "1 passed"), ("refused", 1, "the script failed")] {
        let cases = format!("cases: [{{ name: a, vm: {{ script: \"{script}\" }} }}]\n");
        let ran = with_tests(&cases, "/not/there").run(&["run", "--strict-vm"]);
        assert_eq!(ran.code(), Some(code), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(said), "{}", ran.stdout);
        let booted = ran.stdout.contains("evaluated, booted for 1 test");
        assert_eq!(booted, code == 0, "{}", ran.stdout);
    }
    // A build that tells of no step passes none.
    let cases = "cases: [{ name: a, vm: { steps: [ { succeed: x } ] } }]\n";
    let ran = with_tests(cases, "/not/there").run(&["run", "--strict-vm"]);
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("not all steps were told of"),
        "{}",
        ran.stdout
    );
}
