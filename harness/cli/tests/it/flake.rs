//! What this repository's flake offers to others: the template, `mkChecks`, the module of
//! flake-parts, with real Nix over the offline base. The program within the checks is the
//! one under test; that the package builds it is not looked at here.

use nix_parity_testkit::{Need, Program, Project, Ran};

use crate::support::{Fixture, assert_sound};

/// Builds of the offline base run the machine's own tools.
const NIX: [&str; 6] = [
    "--extra-experimental-features",
    "nix-command flakes",
    "--option",
    "sandbox",
    "false",
    "--print-build-logs",
];

/// Nix in the folder of a project.
fn nix(project: &Project, arguments: &[&str]) -> Ran {
    Program::new("nix")
        .current_dir(project.root())
        .env("NO_COLOR", "1")
        .args(NIX)
        .args(arguments)
        .run()
}

/// The same, which has to end like this.
#[track_caller]
fn nix_ends(project: &Project, arguments: &[&str], code: i32) -> Ran {
    let ran = nix(project, arguments);
    let said = format!("{arguments:?}: {}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code(), Some(code), "{said}");
    ran
}

/// This repository's flake, locked to the offline base.
fn harness() -> Project {
    let harness = Project::new(&[]);
    let repository = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec!["nix".to_owned(), "config".into(), "offline".into()];
    // What the package is made of.
    folders.push("harness/suite/tests".into());
    for entry in repository.join("harness").read_dir_utf8().unwrap() {
        let crate_name = entry.unwrap().file_name().to_owned();
        folders.push(format!("harness/{crate_name}/src"));
        let manifest = format!("harness/{crate_name}/Cargo.toml");
        let text = std::fs::read_to_string(repository.join(&manifest)).unwrap();
        harness.write(&manifest, &text);
    }
    for folder in folders {
        harness.copy_folder(&repository.join(&folder), &folder);
    }
    for file in ["flake.nix", "Cargo.toml", "Cargo.lock"] {
        let text = std::fs::read_to_string(repository.join(file)).unwrap();
        harness.write(file, &text);
    }
    harness.git_add_all();
    lock(
        &harness,
        &[
            (
                "nixpkgs",
                format!("path:{}/offline/nixpkgs", harness.root()),
            ),
            (
                "nix-darwin",
                format!("path:{}/offline/nix-darwin", harness.root()),
            ),
            (
                "home-manager",
                format!("path:{}/offline/home-manager", harness.root()),
            ),
            (
                "flake-parts",
                format!("path:{}/offline/flake-parts", harness.root()),
            ),
        ],
    );
    harness.commit("all");
    harness
}

/// Writes the lock file of a flake, with these in place of its inputs.
#[track_caller]
fn lock(project: &Project, inputs: &[(&str, String)]) {
    project.git_add_all();
    let replaced = inputs
        .iter()
        .flat_map(|(name, reference)| ["--override-input", name, reference]);
    let arguments: Vec<&str> = ["flake", "lock"].into_iter().chain(replaced).collect();
    nix_ends(project, &arguments, 0);
    project.git_add_all();
}

/// A project of the template, whose checks run the program under test.
fn from_template(harness: &Project) -> Fixture {
    let project = Project::new(&[]);
    let template = format!("git+file://{}", harness.root());
    nix_ends(&project, &["flake", "init", "--template", &template], 0);
    let flake = project.read("flake.nix");
    let checks = "mkChecks { inherit pkgs self; }";
    assert!(flake.contains(checks), "{flake}");
    let with_program = format!("mkChecks {{ inherit pkgs self; {} }}", programs());
    project.write("flake.nix", &flake.replace(checks, &with_program));
    let base = format!("path:{}/offline", harness.root());
    lock(
        &project,
        &[
            ("nixpkgs", format!("{base}/nixpkgs")),
            ("nix-darwin", format!("{base}/nix-darwin")),
            ("nix-parity", template),
        ],
    );
    Fixture::new(project)
}

/// Arguments of `mkChecks`: the program under test, and the Nix that this test runs.
fn programs() -> String {
    let nix = Program::new("sh").args(["-c", "command -v nix"]).run();
    format!(
        "package = pkgs.writeShellScriptBin \"nix-parity\" ''exec \"{}\" \"$@\"''; \
         nix = pkgs.writeShellScriptBin \"nix\" ''exec \"{}\" \"$@\"'';",
        env!("CARGO_BIN_EXE_nix-parity"),
        nix.stdout.trim()
    )
}

/// `checks.SYSTEM.NAME` of this machine.
fn check(name: &str) -> String {
    format!(".#checks.{}.{name}", nix_parity_engine::system::this())
}

#[track_caller]
fn said(ran: &Ran, words: &str) {
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said.contains(words), "no `{words}` in {said}");
}

#[test]
fn the_template_is_a_project_whose_cases_hold() {
    let harness = harness();
    let fixture = from_template(&harness);
    let project = &fixture.project;
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    said(&ran, "11 tests on 2 hosts: 11 passed");
    let all = ["flake", "check", "--no-build", "--all-systems"];
    nix_ends(project, &all, 0);

    // The same cases within a build, which has no network and a store of its own.
    let ran = nix_ends(project, &["build", &check("parity-cases")], 0);
    said(&ran, "11 tests on 2 hosts: 11 passed");
    let record = project.read("result/run.jsonl");
    assert_eq!(
        record.matches("\"outcome\":\"pass\"").count(),
        11,
        "{record}"
    );
    nix_ends(project, &["flake", "check"], 0);

    // What is wrong is found on the Mac too, and Nix says what.
    let common = project.read("modules/common.nix");
    project.write("modules/common.nix", &common.replace("\"vim\"", "\"nano\""));
    let ran = nix_ends(project, &["build", &check("parity-cases")], 1);
    for words in ["FAIL", "::macbook", "\"nano\"", " modules/common.nix:9"] {
        said(&ran, words);
    }
    project.write("modules/common.nix", &common);
    project.write(
        "hosts/macbook.nix",
        "{ nixpkgs.hostPlatform = \"aarch64-darwin\"; assertions = [ { assertion = false; message = \"no Mac\"; } ]; }\n",
    );
    let ran = nix_ends(project, &["flake", "check", "--no-build"], 1);
    said(&ran, "no Mac");
}

#[test]
fn cases_that_cannot_be_read_or_selected_fail_the_check() {
    let harness = harness();
    let fixture = from_template(&harness);
    let project = &fixture.project;
    project.write(
        "cases/machines.yaml",
        "suite: machines\ncases: [{ nam: x }]\n",
    );
    let ran = nix_ends(project, &["build", &check("parity-cases")], 1);
    said(&ran, "did you mean `name`?");
    project.git(&["checkout", "--", "cases"]);
    let flake = project.read("flake.nix");
    let none = flake.replace("package =", "cases = [ \"no such name\" ]; package =");
    project.write("flake.nix", &none);
    let ran = nix_ends(project, &["build", &check("parity-cases")], 1);
    said(&ran, "no test was selected");
    let nobody = flake.replace("package =", "hosts = [ \"nobody\" ]; package =");
    project.write("flake.nix", &nobody);
    let ran = nix_ends(project, &["flake", "check", "--no-build"], 1);
    said(&ran, "the flake has no host nobody; it has macbook pc");
}

const PARTS: &str = r#"{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs";
    flake-parts.url = "github:hercules-ci/flake-parts";
    flake-parts.inputs.nixpkgs-lib.follows = "nixpkgs";
    nix-parity.url = "github:OWNER/nix-parity";
  };
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ inputs.nix-parity.flakeModules.default ];
    systems = [ "aarch64-darwin" "aarch64-linux" "x86_64-linux" ];
    perSystem = { pkgs, config, ... }: {
      nix-parity = {
        PROGRAMS
        hosts = [ "pc" ];
        cases = [ "name" ];
        arguments = [ "--platform" "nixos" ];
        directory = "suite";
      };
      devShells.default = pkgs.mkShell { inputsFrom = [ config.devShells.nix-parity ]; };
    };
    flake.nixosConfigurations = let
      host = name: inputs.nixpkgs.lib.nixosSystem {
        modules = [ { nixpkgs.hostPlatform = "x86_64-linux"; networking.hostName = name; system.stateVersion = "25.05"; boot.loader.grub.enable = false; fileSystems."/" = { device = "none"; fsType = "tmpfs"; }; } ];
      };
    in { pc = host "pc"; other = host "other"; };
  };
}
"#;

#[test]
fn the_module_of_flake_parts_gives_checks_an_app_and_a_shell() {
    let harness = harness();
    let project = Project::new(&[
        ("flake.nix", &PARTS.replace("PROGRAMS", &programs())),
        ("suite/parity.yaml", "flake: ..\n"),
        (
            "suite/cases/s.yaml",
            "suite: s\ncases:\n  - { name: the name, expect: { nixos: { networking.hostName: pc } } }\n  - { name: another, expect: { nixos: { networking.hostName: x } } }\n",
        ),
    ]);
    let base = format!("path:{}/offline", harness.root());
    lock(
        &project,
        &[
            ("nixpkgs", format!("{base}/nixpkgs")),
            ("flake-parts", format!("{base}/flake-parts")),
            ("nix-parity", format!("git+file://{}", harness.root())),
        ],
    );
    nix_ends(&project, &["flake", "check"], 0);
    let shown = nix_ends(&project, &["flake", "show", "--json", "--all-systems"], 0);
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    for system in ["aarch64-darwin", "x86_64-linux"] {
        let names = |output: &str| {
            let all = shown[output][system].as_object().unwrap();
            all.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names("checks"), ["parity-cases", "parity-nixos-pc"]);
        assert_eq!(names("apps"), ["nix-parity"]);
        assert_eq!(names("devShells"), ["default", "nix-parity"]);
    }
    let ran = nix_ends(&project, &["run", ".#nix-parity", "--", "--version"], 0);
    said(&ran, "nix-parity ");
    let ran = nix_ends(&project, &["build", &check("parity-cases")], 0);
    assert!(!ran.stderr.contains("another"), "{}", ran.stderr);
}

#[test]
fn the_flakes_of_the_page_can_be_checked() {
    let harness = harness();
    let page = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/flake.md");
    let text = std::fs::read_to_string(page).unwrap();
    let flakes: Vec<&str> = text
        .split("```nix flake\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect();
    assert_eq!(flakes.len(), 2);
    let base = format!("path:{}/offline", harness.root());
    for flake in flakes {
        let project = Project::new(&[
            ("flake.nix", flake),
            ("hosts/pc.nix", PC),
            (
                "hosts/air.nix",
                "{ nixpkgs.hostPlatform = \"aarch64-darwin\"; system.stateVersion = 6; }\n",
            ),
        ]);
        let inputs = ["nixpkgs", "nix-darwin", "flake-parts"];
        let mut inputs: Vec<(&str, String)> = inputs
            .into_iter()
            .filter(|name| flake.contains(&format!(" {name}.url")))
            .map(|name| (name, format!("{base}/{name}")))
            .collect();
        inputs.push(("nix-parity", format!("git+file://{}", harness.root())));
        lock(&project, &inputs);
        let ran = nix_ends(
            &project,
            &["flake", "check", "--no-build", "--all-systems"],
            0,
        );
        said(&ran, "parity-cases");
        said(&ran, "parity-nixos-pc");
    }
}

const PC: &str = "{
  nixpkgs.hostPlatform = \"x86_64-linux\";
  boot.loader.grub.enable = false;
  fileSystems.\"/\" = { device = \"none\"; fsType = \"tmpfs\"; };
  system.stateVersion = \"25.05\";
}
";

/// A test of machines that boots none: it looks at what it is given, and tells what one
/// tells that ran.
const MACHINES: &str = r#"{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.nix-parity.url = "github:OWNER/nix-parity";
  outputs = { self, nixpkgs, nix-parity, ... }: let
    overlay = final: _: {
      testers.runNixOSTest = test: final.runCommand test.name
        {
          inherit (test) testScript;
          passAsFile = [ "testScript" ];
          imports = toString (builtins.length (test.nodes.machine { inherit (final) lib; }).imports);
        }
        ''
          grep -q 'machine.*uname\|_output(None, "uname"' "$testScriptPath"
          mkdir "$out"
          {
            echo '{"said":"booted"}'
            echo '{"said":"done","case":0,"step":0,"error":null,"output":null,"seconds":1.0}'
            echo '{"said":"done","case":0,"step":1,"error":null,"output":"Linux","seconds":0.1}'
            echo '{"said":"done","case":1,"step":0,"error":null,"output":null,"seconds":0.1}'
            echo '{"said":"ended"}'
          } > "$out/nix-parity.jsonl"
        '';
    };
    system = "SYSTEM";
    pkgs = import nixpkgs { inherit system; overlays = [ overlay ]; };
  in {
    nixosConfigurations.pc = nixpkgs.lib.nixosSystem {
      modules = [ { nixpkgs.hostPlatform = system; nixpkgs.overlays = [ overlay ]; system.stateVersion = "25.05"; boot.loader.grub.enable = false; fileSystems."/" = { device = "none"; fsType = "tmpfs"; }; } ];
    };
    checks.${system} = nix-parity.lib.mkChecks {
      inherit pkgs self;
      evaluate = false;
      cases = null;
      vmTests = ./vm-tests.nix;
      PROGRAMS
    };
  };
}
"#;

const MACHINE_CASES: &str = "suite: s
cases:
  - name: it answers
    with: \"{ environment.etc.x.text = ''a${toString 1}''; }\"
    vm: { steps: [ { wait_for_unit: sshd.service }, { expect: { command: uname, is: Linux } } ] }
  - name: it is well
    with: \"{ environment.etc.x.text = ''a${toString 1}''; }\"
    vm: { steps: [ { succeed: \"true\" } ] }
  - name: another boot
    vm: { isolated: true, steps: [ { fail: uname } ] }
";

#[test]
fn tests_of_machines_are_checks_whose_words_the_cases_judge() {
    let system = check("").replace(".#checks.", "").replace('.', "");
    let harness = harness();
    let flake = MACHINES.replace("PROGRAMS", &programs());
    let fixture = Fixture::new(Project::new(&[
        ("flake.nix", &flake.replace("SYSTEM", &system)),
        ("cases/s.yaml", MACHINE_CASES),
        (
            "parity.yaml",
            &format!("hosts: {{ nixos: {{ pc: {system} }} }}\n"),
        ),
    ]));
    let project = &fixture.project;
    lock(
        project,
        &[
            (
                "nixpkgs",
                format!("path:{}/offline/nixpkgs", harness.root()),
            ),
            ("nix-parity", format!("git+file://{}", harness.root())),
        ],
    );

    // A file that is not there is not what the cases say.
    let only_check = ["vm", "--export", "vm-tests.nix", "--check"];
    assert_eq!(fixture.run(&only_check).code(), Some(1));
    let ran = fixture.run(&["vm", "--export", "vm-tests.nix"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert_eq!(fixture.run(&only_check).code(), Some(0));
    let written = project.read("vm-tests.nix");
    assert!(rnix::Root::parse(&written).errors().is_empty(), "{written}");
    project.git_add_all();

    let ran = nix_ends(project, &["build", &check("vm-pc-it-answers")], 0);
    said(&ran, "2 tests on 1 host: 2 passed");
    // The cases of another boot are told of nothing, and that is no success.
    let ran = nix_ends(project, &["build", &check("vm-pc-another-boot")], 1);
    assert!(!ran.stderr.contains("1 passed"), "{}", ran.stderr);

    // What a command printed is judged by the case as it now is.
    let cases = MACHINE_CASES.replace("is: Linux", "is: { matches: \"^BSD\" }");
    project.write("cases/s.yaml", &cases);
    let ran = nix_ends(project, &["build", &check("vm-pc-it-answers")], 1);
    for words in ["it answers", "^BSD", "\"Linux\""] {
        said(&ran, words);
    }
    // Steps are what has been written down.
    project.write("cases/s.yaml", &cases.replace("fail: uname", "fail: id"));
    let ran = fixture.run(&only_check);
    assert_eq!(ran.code(), Some(1));
    said(&ran, "run `nix-parity vm --export");
}

#[test]
fn what_no_test_told_passes_nothing() {
    let fixture = Fixture::without_nix(&[(
        "cases/s.yaml",
        "suite: s\ncases:\n  - { name: a script, hosts: [pc], vm: { script: pass } }\n  - { name: steps, hosts: [pc], vm: { steps: [ { reboot: true } ] } }\n",
    )]);
    let ran = fixture.run(&["run", "--tested", "not-there"]);
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    said(&ran, "2 errors");
    said(&ran, "not-there is no output of a test");
    // That a script passed is what its build says; steps are told of one by one.
    let ran = fixture.run(&["run", "--tested", "cases"]);
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    said(&ran, "1 passed, 1 error");
}

#[test]
fn shells_and_manuals_get_what_they_read() {
    let fixture = Fixture::without_nix(&[]);
    let ran = fixture.run(&["completions", "bash"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let checked = Program::new("bash").arg("-n").input(ran.stdout).run();
    assert_eq!((checked.code(), &*checked.stderr), (Some(0), ""));
    for shell in ["fish", "zsh"] {
        let ran = fixture.run(&["completions", shell]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        said(&ran, "override-input");
    }
    assert_eq!(fixture.run(&["completions", "cmd.exe"]).code(), Some(2));

    let ran = fixture.run(&["man", "--dir", "manual"]);
    assert_eq!((ran.code(), &*ran.stdout), (Some(0), ""), "{}", ran.stderr);
    let help = fixture.run(&["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.lines().map_while(|l| l.split_whitespace().next());
    let pages = commands.filter(|name| *name != "help");
    for page in pages.map(|name| format!("nix-parity-{name}.1")) {
        let text = fixture.project.read(&format!("manual/{page}"));
        assert!(
            text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"),
            "{text}"
        );
    }
    let main = fixture.project.read("manual/nix-parity.1");
    assert_eq!(fixture.run(&["man"]).stdout, main);
    let ran = fixture.run(&["man", "--dir", "flake.nix"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    assert_sound(&ran);
}

#[test]
fn manuals_are_shown_with_nothing_wrong_needs_groff() {
    Need::Groff.require();
    let fixture = Fixture::without_nix(&[]);
    let ran = fixture.run(&["man", "--dir", "manual"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let folder = fixture.project.path("manual");
    let pages = std::fs::read_dir(&folder).unwrap();
    let pages: Vec<_> = pages.map(|page| page.unwrap().file_name()).collect();
    assert!(pages.len() > 5, "{pages:?}");
    for page in pages {
        let ran = Program::new("groff")
            .current_dir(&folder)
            .args(["-K", "utf8", "-man", "-Tutf8", "-ww"])
            .arg(&page)
            .run();
        assert_eq!((ran.code(), &*ran.stderr), (Some(0), ""), "{page:?}");
        assert!(
            ran.stdout.contains("nix-parity"),
            "{page:?}: {}",
            ran.stdout
        );
    }
}
