//! `coverage`: what the configuration's own files set, and what of it cases look at.

use insta::assert_snapshot;
use nix_parity_testkit::{CountingNix, Host, Platform};
use serde_json::{Value, json};

use crate::support::{Fixture, transcript};

const COMMON: &str = "\
{
  programs.fish.enable = true;
  environment.variables.EDITOR = \"vim\";
}
";

const QUIET: &str = "{ time.timeZone = \"Europe/Berlin\"; }\n";

const HOME: &str = "\
{ ... }:
{
  home.stateVersion = \"25.05\";
  programs.git.enable = true;
  programs.bat.enable = true;
}
";

const PC: &str = "\
{ inputs ? null, lib, ... }:
{
  imports = [ ../modules/common.nix ../modules/quiet ];
  networking.domain = \"lan.example\";
  services.openssh.enable = lib.mkIf false true;
}
";

const CASES: &str = "\
cases:
  - name: shell
    hosts: [air, pc]
    expect: { common: { programs.fish.enable: true } }
  - name: editor
    hosts: pc
    expect: { common: { environment.variables: { includes: { EDITOR: vim } } } }
  - name: home
    hosts: lars
    expect: { common: { programs.git: { includes: { enable: true } } } }
";

fn fixture() -> Fixture {
    let hosts = [
        Host::new(Platform::Darwin, "air")
            .with_module("{ imports = [ ../modules/common.nix ]; }\n"),
        Host::new(Platform::NixOs, "pc").with_module(PC),
        Host::new(Platform::Home, "lars").with_module("{ imports = [ ../modules/home.nix ]; }\n"),
    ];
    Fixture::with_hosts(
        &hosts,
        &[
            ("modules/common.nix", COMMON),
            ("modules/quiet/default.nix", QUIET),
            ("modules/home.nix", HOME),
            ("modules/forgotten.nix", "{ }\n"),
            ("cases/a.yaml", CASES),
            (
                "parity.yaml",
                "hosts: { darwin: [air], nixos: [pc], home: [lars] }\ncoverage: [modules, hosts]\n",
            ),
        ],
    )
}

fn json(fixture: &Fixture, arguments: &[&str]) -> Value {
    let ran = fixture.run(&[&["coverage", "--format", "jsonl"], arguments].concat());
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The paths of the options that no case looks at.
fn unseen(found: &Value) -> Vec<&Value> {
    let options = found["unseen"].as_array().unwrap();
    options.iter().map(|option| &option["path"]).collect()
}

#[test]
fn what_no_case_looks_at_is_listed() {
    let fixture = fixture();
    let ran = fixture.run(&["coverage"]);
    assert_snapshot!("a table", transcript(&ran));

    let found = json(&fixture, &["--root", "modules"]);
    assert_eq!(found["format"], 1);
    assert_eq!(
        found["modules"],
        json!([{"file": "modules/quiet/default.nix", "options": 1}])
    );
    assert_eq!(found["unevaluated"], json!(["modules/forgotten.nix"]));
    let paths = unseen(&found);
    assert_eq!(
        paths,
        ["time.timeZone", "home.stateVersion", "programs.bat.enable"]
    );

    // Nothing is evaluated twice.
    let nix = CountingNix::new();
    let path = nix.path();
    let arguments = ["coverage", "--nix", path.as_str()];
    let first = fixture.run(&arguments).stdout;
    let evaluators = || nix.calls().to_string().matches("repl ").count();
    let started = evaluators();
    assert_eq!(fixture.run(&arguments).stdout, first);
    assert_eq!((started, evaluators()), (3, 3));
}

#[test]
fn a_share_can_be_asked_for() {
    let fixture = fixture();
    for (wanted, code) in [("40%", 0), ("50", 0), ("50.1%", 1), ("100%", 1)] {
        let ran = fixture.run(&["coverage", "--root=modules", "--at-least", wanted]);
        assert_eq!(ran.code(), Some(code), "{wanted}: {}", ran.stdout);
        assert!(
            ran.stdout
                .starts_with("3 of 6 options set by modules are looked at, 50.0%")
        );
    }
    for wanted in ["101", "-1", "much", "NaN"] {
        let ran = fixture.run(&["coverage", &format!("--at-least={wanted}")]);
        assert_eq!(ran.code(), Some(2), "{wanted}");
    }
    // One of the modules has no case.
    let every_module = || {
        let ran = fixture.run(&["coverage", "--root", "modules", "--every-module"]);
        (ran.code(), ran.stdout)
    };
    assert_eq!(every_module().0, Some(1));
    // A case more, and what it looks at is looked at.
    let more = "  - { name: zone, hosts: pc, eval: '{ config, ... }: config.time.timeZone', is: Europe/Berlin }\n";
    fixture
        .project
        .write("cases/a.yaml", &format!("{CASES}{more}"));
    let found = json(&fixture, &["--root", "modules"]);
    assert_eq!(
        (&found["looked_at"], &found["modules"]),
        (&json!(4), &json!([]))
    );
    // Only what no host evaluates is left.
    let (code, stdout) = every_module();
    let unevaluated = stdout.contains("files that no host evaluates");
    assert_eq!(code, Some(i32::from(unevaluated)), "{stdout}");
    fixture.project.write("modules/forgotten.nix", "{ }\n");
    fixture.project.git_add_all();
    let (code, stdout) = every_module();
    assert!(stdout.contains("modules/forgotten.nix"), "{stdout}");
    assert_eq!(code, Some(1));
}

#[test]
fn roots_that_there_are_not() {
    let fixture = fixture();
    let ran = fixture.run(&["coverage", "--root", "modles"]);
    assert_eq!((ran.code(), ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.contains("no folder or file `modles`"),
        "{}",
        ran.stderr
    );
    let ran = fixture.run(&["coverage", "--root", "cases"]);
    assert_eq!(ran.code(), Some(4), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("no option is set by these files"),
        "{}",
        ran.stderr
    );
    // All of the flake: the same, and what its other files set.
    let all = json(&fixture, &["--root", "."]);
    assert_eq!(all["roots"], json!([]));
    assert!(all["options"].as_u64() >= json(&fixture, &[])["options"].as_u64());
    let unevaluated = all["unevaluated"].as_array().unwrap();
    assert!(unevaluated.contains(&json!("modules/forgotten.nix")));
}

#[test]
fn without_a_cache_the_files_are_not_known() {
    let fixture = fixture();
    let ran = fixture
        .program(&["coverage"])
        .env("NIX_PARITY_CACHE_DIR", "")
        .run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("which files no host evaluates is not known"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("forgotten"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("modules/quiet/default.nix  sets 1 option")
    );
}

#[test]
fn a_home_within_a_system_has_options_of_its_own() {
    let pc = "\
{ lib, ... }:
{
  imports = [ ../offline/home-manager/nixos ];
  users.users = lib.genAttrs [ \"eva\" \"lars\" ] (name: { isNormalUser = true; home = \"/home/${name}\"; });
  home-manager.users.lars = { imports = [ ../modules/home.nix ]; };
  home-manager.users.eva = lib.mkMerge [
    ({ ... }: { home.stateVersion = \"25.05\"; })
    (lib.mkIf false { programs.git.enable = true; })
  ];
}
";
    let cases = "\
cases:
  - name: bat
    expect: { common: { home-manager.users.lars.programs.bat.enable: true } }
  - name: user
    expect: { common: { users.users.lars.isNormalUser: true } }
";
    let hosts = [Host::new(Platform::NixOs, "pc").with_module(pc)];
    let fixture = Fixture::with_hosts(
        &hosts,
        &[
            ("modules/home.nix", HOME),
            ("cases/a.yaml", cases),
            (
                "parity.yaml",
                "hosts: { nixos: [pc] }\ncoverage: [modules, hosts]\n",
            ),
        ],
    );
    let found = json(&fixture, &[]);
    assert_eq!(
        found["places"],
        json!([
            {"label": "pc", "options": 1, "looked_at": 1},
            {"label": "pc/eva", "options": 1, "looked_at": 0},
            {"label": "pc/lars", "options": 3, "looked_at": 1},
        ])
    );
    let paths = unseen(&found);
    assert_eq!(paths, ["home.stateVersion", "programs.git.enable"]);
    assert_eq!(
        found["unseen"][0]["files"],
        json!(["hosts/pc.nix", "modules/home.nix"])
    );
}

#[test]
fn what_cannot_be_asked_is_said() {
    let fixture = fixture();
    // One value that ends the evaluation takes no other option along.
    let endless =
        "{ imports = [ ../modules/common.nix ]; networking.domain = builtins.abort \"no\"; }\n";
    fixture.project.write("hosts/pc.nix", endless);
    let found = json(&fixture, &[]);
    assert_eq!(
        found["places"][1],
        json!({"label": "pc", "options": 2, "looked_at": 2})
    );
    let missing = found["missing"][0].as_str().unwrap();
    assert!(
        missing.starts_with("pc: who sets networking.domain: "),
        "{missing}"
    );
    let ran = fixture.run(&["coverage", "--at-least", "1%"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    assert!(ran.stdout.contains("could not be asked"), "{}", ran.stdout);

    fixture
        .project
        .write("hosts/pc.nix", "{ networking = 1 + ; }\n");
    let ran = fixture.run(&["coverage"]);
    assert_eq!((ran.code(), ran.stdout.as_str()), (Some(1), ""));
    for text in [
        "pc could not be evaluated",
        "hosts/pc.nix:1:20",
        "syntax error",
    ] {
        assert!(ran.stderr.contains(text), "{}", ran.stderr);
    }
}
