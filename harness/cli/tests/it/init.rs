//! `init`: a first suite, made of what hosts really set.

use std::path::Path;

use insta::assert_snapshot;
use nix_parity_testkit::{Host, Platform, Program, Project};

use crate::support::{Fixture, transcript};

const COMMON: &str = "\
{ lib, ... }:
{
  programs.fish.enable = true;
  environment.variables.EDITOR = \"vim\";
  environment.shellAliases.ll = \"ls -l\";
  nix.settings.experimental-features = [ \"nix-command\" \"flakes\" ];
  time.timeZone = \"Europe/Berlin\";
}
";

const AIR: &str = "\
{ imports = [ ../modules/common.nix ];
  users.users.lars.home = \"/Users/lars\";
  system.defaults.dock.autohide = true;
  system.primaryUser = \"lars\";
}
";

const PC: &str = "\
{ pkgs, ... }:
{
  imports = [ ../modules/common.nix ];
  users.users.lars = {
    isNormalUser = true;
    extraGroups = [ \"wheel\" ];
    shell = pkgs.fish;
    hashedPassword = \"$6$salt$NEVER-SHOWN\";
  };
  services.openssh = { enable = true; settings.PermitRootLogin = \"no\"; };
  networking.firewall.allowedTCPPorts = [ 8080 ];
  networking.domain = \"lan.example\";
}
";

const HOME: &str = "{ programs.git.enable = true; home.sessionVariables.PAGER = \"less\"; }\n";

fn hosts() -> [Host; 3] {
    [
        Host::new(Platform::Darwin, "air").with_module(AIR),
        Host::new(Platform::NixOs, "pc").with_module(PC),
        Host::new(Platform::Home, "lars").with_module(HOME),
    ]
}

fn fixture() -> Fixture {
    Fixture::with_hosts(&hosts(), &[("modules/common.nix", COMMON)])
}

/// The files that `init` writes, apart from what was there.
fn written(fixture: &Fixture) -> Vec<String> {
    let files = fixture
        .project
        .git(&["ls-files", "--others", "--exclude-standard"]);
    files.lines().map(str::to_owned).collect()
}

/// The tests that do not pass.
fn wrong(fixture: &Fixture) -> Vec<String> {
    let record = fixture.record(&[]);
    let wrong = record.results.iter();
    let wrong = wrong.filter(|(_, result)| result["outcome"] != "pass");
    wrong.map(|(name, _)| name.clone()).collect()
}

#[test]
fn a_first_suite_is_shown_written_and_passes() {
    let fixture = fixture();
    // Nobody can be asked, so nothing is written.
    let ran = fixture.run(&["init"]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stdout);
    assert_snapshot!("shown", transcript(&ran));
    let ran = fixture.run(&["init", "--dry-run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("==> cases/access.yaml <=="));
    assert_eq!(written(&fixture), [""; 0]);

    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("wrote "), "{}", ran.stdout);
    let files = written(&fixture);
    let text = |path: &&String| format!("==> {path} <==\n{}", fixture.project.read(path));
    // The base is part of this flake: what else is set says more of it than of `init`.
    let of_base = ["snapshots/", "cases/records", "cases/nix"];
    let plain = files
        .iter()
        .filter(|path| !of_base.iter().any(|start| path.starts_with(start)));
    let texts: Vec<_> = plain.map(|path| text(&path)).collect();
    let texts = texts.join("\n");
    let all: String = files
        .iter()
        .map(|path| fixture.project.read(path))
        .collect();
    assert!(!all.contains("NEVER-SHOWN"));
    assert_snapshot!("written", texts);
    assert!(
        files
            .iter()
            .any(|path| path.contains("pc/") && path.contains("derivation"))
    );

    // All of it holds, and what is there says that nothing is missing.
    let record = fixture.record(&[]);
    assert_eq!(record.code, Some(0), "{:?}", record.results);
    assert!(record.results.len() > 10);
    let ran = fixture.run(&["init"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("nothing new"), "{}", ran.stdout);
    assert_eq!(written(&fixture), files);
}

#[test]
fn each_unwanted_change_fails_a_case() {
    let fixture = fixture();
    assert_eq!(fixture.run(&["init", "--yes"]).code(), Some(0));
    let edits = [
        (
            "hosts/pc.nix",
            "PermitRootLogin = \"no\"",
            "PermitRootLogin = \"yes\"",
            "access",
        ),
        (
            "hosts/pc.nix",
            "extraGroups = [ \"wheel\" ]",
            "extraGroups = [ ]",
            "users",
        ),
        (
            "hosts/pc.nix",
            "shell = pkgs.fish",
            "shell = pkgs.zsh",
            "users",
        ),
        ("hosts/pc.nix", "8080", "8081", "access"),
        (
            "hosts/air.nix",
            "autohide = true",
            "autohide = false",
            "records",
        ),
        ("hosts/air.nix", "/Users/lars", "/Users/Lars", "users"),
        ("hosts/lars.nix", "less", "more", "records"),
        (
            "modules/common.nix",
            "\"flakes\"",
            "\"flakes\" \"ca-derivations\"",
            "nix",
        ),
        ("modules/common.nix", "Berlin", "Vienna", "machines"),
        (
            "hosts/pc.nix",
            "lan.example\";",
            "lan.example\"; environment.variables.EDITOR = pkgs.lib.mkForce \"nano\";",
            "shared",
        ),
        (
            "hosts/pc.nix",
            "{ pkgs, ... }:\n{",
            "{ pkgs, ... }:\n{ warnings = [ \"old\" ];",
            "health",
        ),
        (
            "hosts/pc.nix",
            "{ pkgs, ... }:\n{",
            "{ pkgs, ... }:\n{ assertions = [ { assertion = false; message = \"no\"; } ];",
            "health",
        ),
    ];
    for (file, from, to, suite) in edits {
        let text = fixture.project.read(file);
        assert!(text.contains(from), "{file}: {from}");
        fixture.project.write(file, &text.replace(from, to));
        let wrong = wrong(&fixture);
        let is_caught = wrong
            .iter()
            .any(|test| test.starts_with(&format!("{suite}::")));
        assert!(is_caught, "{from} -> {to}: {wrong:?}");
        fixture.project.write(file, &text);
    }
    assert_eq!(wrong(&fixture), [""; 0]);
}

/// What all have alike is still alike after it: one of them says what it was.
#[test]
fn a_change_of_what_is_shared_fails_once() {
    let fixture = fixture();
    assert_eq!(fixture.run(&["init", "--yes"]).code(), Some(0));
    let edited = COMMON.replace("vim", "nano");
    fixture.project.write("modules/common.nix", &edited);
    let mut wrong = wrong(&fixture);
    // Their derivations are others as well.
    wrong.retain(|test| !test.contains("what the systems are built of"));
    assert_eq!(wrong, ["records::what else this flake sets on air::air"]);
    let told = fixture.run(&["run", "what else"]).stdout;
    assert!(
        told.contains("environment.variables.EDITOR") && told.contains("nano"),
        "{told}"
    );
}

#[test]
fn files_that_are_there_stay() {
    let fixture = fixture();
    let own = [
        (
            "parity.yaml",
            "# mine\nhosts: { nixos: [pc], darwin: [air] }\n",
        ),
        (
            "cases/users.yaml",
            "cases:\n  - { name: mine, hosts: pc, expect: { common: { users.users.lars.isNormalUser: true } } }\n",
        ),
        (".gitignore", "result\n"),
        (".github/workflows/nix-parity.yml", "# mine\n"),
    ];
    for (path, text) in own {
        fixture.project.write(path, text);
    }
    fixture.project.git_add_all();
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    for (path, text) in own {
        assert_eq!(fixture.project.read(path), text);
    }
    for said in [
        "left as they are",
        "parity.yaml, to which could be added:\n    | hosts:\n    |   home: { lars: x86_64-linux }",
        "cases/users.yaml, to which could be added:",
        ".gitignore, to which could be added:",
    ] {
        let stdout = ran.stdout.replace(
            "hosts: { home: { lars: x86_64-linux } }",
            "hosts:\n    |   home: { lars: x86_64-linux }",
        );
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
    // What is looked at already is not proposed again.
    assert!(!ran.stdout.contains("isNormalUser"), "{}", ran.stdout);
    // A host that the project file does not have is in no file.
    assert_eq!(wrong(&fixture), [""; 0]);
    let again = fixture.run(&["init", "--yes"]);
    assert_eq!(again.code(), Some(0), "{}", again.stderr);
    assert!(!again.stdout.contains("to be written"), "{}", again.stdout);
}

#[test]
fn a_new_host_is_new() {
    let fixture = fixture();
    assert_eq!(fixture.run(&["init", "--yes"]).code(), Some(0));
    let server = Host::new(Platform::NixOs, "server").with_module(
        "{ imports = [ ../modules/common.nix ]; networking.domain = \"dc.example\"; }\n",
    );
    let [air, pc, lars] = hosts();
    let more = Project::with_hosts(&[air, pc, server.clone(), lars]);
    fixture.project.write("flake.nix", &more.read("flake.nix"));
    fixture.project.write(&server.file(), server.module());
    fixture.project.git_add_all();
    let ran = fixture.run(&["init"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("server (nixos, x86_64-linux, new)"),
        "{}",
        ran.stdout
    );
    for said in [
        "nixos: { server: x86_64-linux }",
        "networking.hostName: server",
        "what else this flake sets on server",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    assert!(
        !ran.stdout.contains("networking.hostName: pc"),
        "{}",
        ran.stdout
    );
}

#[test]
fn names_and_values_may_be_anything() {
    let pc = "\
{ imports = [ ../modules/common.nix ];
  environment.variables = {
    COLON = \"a: b # c\";
    LINES = \"one\\ntwo\\n\";
    DOLLAR = \"\\${x}\";
    WORD = \"no\";
    ESCAPE = builtins.fromJSON ''\"\\u001b[31m\\u202ered\"'';
  };
  users.users.\"eva:x #1\" = { isNormalUser = true; home = \"/home/a # b\"; };
  warnings = [ \"one: # \\n two\" ];
}
";
    let hosts = [
        Host::new(Platform::Darwin, "air").with_module(AIR),
        Host::new(Platform::NixOs, "pc").with_module(pc),
        Host::new(Platform::NixOs, "other").with_module("{ }\n"),
    ];
    let fixture = Fixture::with_hosts(&hosts, &[("modules/common.nix", COMMON)]);
    let flake = fixture.project.read("flake.nix");
    let flake = flake
        .replace(
            "nixosConfigurations.\"pc\"",
            "nixosConfigurations.\"*: # \\${x}\\n[yes]\"",
        )
        .replace(
            "nixosConfigurations.\"other\"",
            "nixosConfigurations.\"all\"",
        );
    fixture.project.write("flake.nix", &flake);
    fixture.project.git_add_all();
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(wrong(&fixture), [""; 0]);
    let access = fixture.project.read("cases/users.yaml");
    assert!(access.contains("\"/home/a # b\""), "{access}");
    let health = fixture.project.read("cases/health.yaml");
    assert!(health.contains(r#""one: # \n two""#), "{health}");
    let all: String = written(&fixture)
        .iter()
        .map(|path| fixture.project.read(path))
        .collect();
    assert!(!all.contains(['\u{1b}', '\u{202e}']));
    let ran = fixture.run(&["init"]);
    assert!(ran.stdout.contains("nothing new"), "{}", ran.stdout);
}

#[test]
fn a_host_that_cannot_be_evaluated_is_left_out() {
    let [air, _, lars] = hosts();
    let pc = Host::new(Platform::NixOs, "pc").with_module("{ no.such.option = true; }\n");
    let fixture = Fixture::with_hosts(&[air, pc, lars], &[("modules/common.nix", COMMON)]);
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("pc cannot be evaluated"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("The option `no' does not exist"),
        "{}",
        ran.stdout
    );
    assert!(fixture.project.read("parity.yaml").contains("nixos: [pc]"));
    assert_eq!(wrong(&fixture), [""; 0]);
    // Where that is all there are, there is nothing to write.
    let only = [Host::new(Platform::NixOs, "pc").with_module("{ no.such.option = true; }\n")];
    let fixture = Fixture::with_hosts(&only, &[]);
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!((ran.code(), written(&fixture)), (Some(3), Vec::new()));
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
}

#[test]
fn what_is_wrong_with_the_folder_is_told() {
    // No flake.
    let fixture = Fixture::new(Project::new(&[("a", "")]));
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(2));
    assert!(
        ran.stderr.contains("there is no flake.nix"),
        "{}",
        ran.stderr
    );
    // A flake without hosts.
    let fixture = Fixture::new(Project::new(&[("flake.nix", "{ outputs = _: { }; }\n")]));
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the flake offers no host"),
        "{}",
        ran.stderr
    );
    // A flake that git does not know.
    let fixture = Fixture::new(Project::new(&[]));
    fixture
        .project
        .write("flake.nix", "{ outputs = _: { }; }\n");
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("git add flake.nix"), "{}", ran.stderr);
    // A file that git does not know, and a folder that is a file.
    let fixture = self::fixture();
    fixture.project.write("modules/new.nix", "{ }\n");
    fixture.project.write("snapshots", "mine\n");
    let ran = fixture.run(&["init", "--yes"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("git does not know modules/new.nix"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("cannot write snapshots/"),
        "{}",
        ran.stderr
    );
    assert_eq!(fixture.project.read("snapshots"), "mine\n");
    // An input that there is not.
    let ran = fixture.run(&["init", "--stub", "secrts"]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("no input `secrts`"), "{}", ran.stderr);
}

#[test]
fn the_suite_can_be_a_crate() {
    let fixture = fixture();
    let init = |source: &str| {
        let ran = fixture.run(&["init", "--yes", "--suite", "--source", source]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    };
    init("github:me/nix-parity/v1");
    let manifest = fixture.project.read("parity/Cargo.toml");
    assert!(
        manifest.contains("git = \"https://github.com/me/nix-parity\""),
        "{manifest}"
    );
    let workflow = fixture.project.read(".github/workflows/nix-parity.yml");
    let uses = "uses: me/nix-parity/.github/workflows/parity.yml@v1";
    assert!(workflow.contains(uses), "{workflow}");

    // Nothing can be fetched here: the crate of the suite is the one in this repository.
    let folder = fixture.project.path("parity");
    std::fs::remove_dir_all(&folder).unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let repository = repository.canonicalize().unwrap();
    init(&format!("path:{}", repository.display()));
    std::fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    // Of the platform that this runs on: the crates of others need not be here.
    let version = Program::new("rustc").arg("-vV").run().stdout;
    let host = version.lines().find_map(|l| l.strip_prefix("host: "));
    let ran = Program::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version=1"])
        .args(["--filter-platform", host.unwrap()])
        .current_dir(&folder)
        .run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let metadata: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = |name: &str| packages.iter().find(|package| package["name"] == name);
    assert!(package("nix-parity-suite").is_some(), "{packages:?}");
    let own = package("parity").unwrap();
    assert_eq!(
        metadata["workspace_members"],
        serde_json::json!([own["id"]])
    );
    let targets = own["targets"].as_array().unwrap();
    let [entry] = targets.as_slice() else {
        panic!("one test and nothing else: {targets:?}");
    };
    assert_eq!(
        (&entry["name"], &entry["kind"][0]),
        (&"cases".into(), &"test".into())
    );
    let entry = entry["src_path"].as_str().unwrap();
    let text = std::fs::read_to_string(entry).unwrap();
    assert!(text.contains("nix_parity_suite::main("), "{text}");
}
