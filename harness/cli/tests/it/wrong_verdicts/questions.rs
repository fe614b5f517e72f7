//! What is asked of Nix: options that nothing defines, settings that the user has made,
//! inputs that are replaced, and hosts whose names mean something else.

use nix_parity_testkit::{Host, Platform};

use super::{Row, ensure};
use crate::support::Fixture;

pub(super) const ROWS: [Row; 5] = [
    Row {
        subject: "aliases",
        verdict: "`present: false` passed on renamed and aliased options that have a value",
        check: aliases_have_values,
    },
    Row {
        subject: "import from derivation",
        verdict: "was forced on where the user forbids it",
        check: forbidden_imports_stay_forbidden,
    },
    Row {
        subject: "--override-input",
        verdict: "a misspelt input was green",
        check: misspelt_override,
    },
    Row {
        subject: "profile",
        verdict: "a misspelt input was green, and the profile was said to be in force",
        check: misspelt_profile_input,
    },
    Row {
        subject: "a host called `project`",
        verdict: "was taken for the tests that look at no host",
        check: host_called_project,
    },
];

const PLATFORMS: [(Platform, &str); 3] = [
    (Platform::NixOs, "pc"),
    (Platform::Darwin, "air"),
    (Platform::Home, "lars"),
];

/// Old names, an alias, a value that only `apply` makes, and one that nothing makes.
const ALIASES: &str = r#"{ lib, ... }:
{
  imports = [
    (lib.mkRenamedOptionModule [ "old" "login" ] [ "sample" "login" ])
    (lib.mkAliasOptionModule [ "also" "login" ] [ "sample" "login" ])
    (lib.mkAliasOptionModule [ "also" "unset" ] [ "sample" "unset" ])
  ];
  options.sample = {
    login = lib.mkOption { type = lib.types.bool; };
    unset = lib.mkOption { type = lib.types.bool; };
    made = lib.mkOption { type = lib.types.bool; apply = _: true; };
  };
  config.sample.login = true;
}
"#;

fn with_aliases(expectations: &str) -> Fixture {
    let hosts = PLATFORMS.map(|(platform, name)| Host::new(platform, name).with_module(ALIASES));
    let cases = format!("suite: s\ncases:\n{expectations}");
    Fixture::with_inputs(&hosts, &[("cases/s.yaml", &cases)])
}

fn aliases_have_values() -> Result<(), String> {
    let options = ["old.login", "also.login", "sample.made"];
    let of_option = |option: &&str| {
        format!(
            "  - name: {option} is there\n    expect: {{ common: {{ {option}: {{ present: true }} }} }}\n  \
             - name: {option} is not there\n    expect: {{ common: {{ {option}: {{ present: false }} }} }}\n"
        )
    };
    let mut cases: String = options.iter().map(of_option).collect();
    cases.push_str(
        "  - name: absent or\n    expect: { common: { old.login: { absent_or: false } } }\n",
    );
    let record = with_aliases(&cases).record(&[]);
    let passed = record.with("pass");
    let wrong: Vec<_> = passed
        .iter()
        .filter(|name| name.contains("is not there") || name.contains("absent or"))
        .collect();
    ensure(wrong.is_empty(), || format!("these pass: {wrong:?}"))?;
    ensure(passed.len() == options.len() * PLATFORMS.len(), || {
        format!("each has its value: {passed:?}")
    })
}

/// What was right stays so.
#[test]
fn options_without_any_value_count_as_missing() -> Result<(), String> {
    let cases = "  - name: nothing\n    expect: { common: { sample.unset: { present: false } } }\n";
    let record = with_aliases(cases).record(&[]);
    let passed = record.with("pass").len();
    ensure(passed == PLATFORMS.len(), || {
        format!("{:?}", record.results)
    })?;
    // Nix refuses to read it, and says which option has no value: so does a test.
    let cases = "  - name: alias\n    expect: { common: { also.unset: true } }\n";
    let record = with_aliases(cases).record(&[]);
    ensure(record.with("pass").is_empty(), || {
        "an alias of nothing".to_owned()
    })
}

fn forbidden_imports_stay_forbidden() -> Result<(), String> {
    let module = r#"{ environment.variables.THEME = import (derivation {
      name = "theme"; system = "x86_64-linux"; builder = "/bin/sh";
      args = [ "-c" "echo '\"dark\"' > $out" ];
    }); }
"#;
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let cases = "suite: s\ncases:\n\
        \x20 - { name: theme, expect: { nixos: { environment.variables.THEME: dark } } }\n\
        \x20 - { name: there, expect: { nixos: { environment.variables.THEME: { present: true } } } }\n";
    let fixture = Fixture::with_inputs(&[host], &[("cases/s.yaml", cases)]);
    let ran = fixture
        .program(&["run"])
        .env("NIX_CONFIG", "allow-import-from-derivation = false")
        .run();
    ensure(
        ran.code() != Some(0) && ran.stdout.contains("allow-import-from-derivation"),
        || format!("{:?} {}{}", ran.code(), ran.stdout, ran.stderr),
    )
}

fn plain() -> Fixture {
    let module = "{ networking.domain = \"lan\"; }\n";
    Fixture::with_inputs(
        &[Host::new(Platform::NixOs, "pc").with_module(module)],
        &[(
            "cases/s.yaml",
            "suite: s\ncases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n",
        )],
    )
}

fn misspelt_override() -> Result<(), String> {
    let fixture = plain();
    for (input, near) in [
        ("nixpkg", "nixpkgs"),
        ("home-manager/nixpkgss", ""),
        ("", ""),
    ] {
        let ran = fixture
            .program(&["run", "--override-input", input, "path:/nowhere"])
            .run();
        ensure(ran.code() != Some(0), || {
            format!("`{input}` is green: {}", ran.stdout)
        })?;
        ensure(
            ran.stderr.contains(near) || ran.stdout.contains(near),
            || format!("the right spelling is said: {}", ran.stderr),
        )?;
    }
    let ran = fixture
        .program(&["run", "--override-input", "nixpkg", "path:/nowhere"])
        .run();
    ensure(ran.code() == Some(2), || format!("{:?}", ran.code()))
}

fn misspelt_profile_input() -> Result<(), String> {
    let fixture = plain();
    let settings = fixture.project.read("parity.yaml");
    let settings = settings.replace("nix-darwin:", "nix-darwn:");
    fixture.project.write("parity.yaml", &settings);
    let ran = fixture.program(&["run"]).run();
    ensure(ran.code() == Some(2), || {
        format!("{:?} {}{}", ran.code(), ran.stdout, ran.stderr)
    })?;
    ensure(
        ran.stderr.contains("parity.yaml:") && ran.stderr.contains("did you mean `nix-darwin`?"),
        || ran.stderr.clone(),
    )
}

fn host_called_project() -> Result<(), String> {
    let module = "{ networking.domain = \"lan\"; }\n";
    let names = ["project", "nixos"];
    let hosts = names.map(|name| Host::new(Platform::NixOs, name).with_module(module));
    let cases = "suite: s\ncases:\n\
        \x20 - { name: domain, expect: { nixos: { networking.domain: wan } } }\n\
        \x20 - { name: files, tree: { present: [flake.nix] } }\n";
    let fixture = Fixture::with_inputs(&hosts, &[("cases/s.yaml", cases)]);
    let record = fixture.record(&[]);
    let failed = record.with("fail");
    ensure(
        failed == ["s::domain::nixos:nixos", "s::domain::nixos:project"],
        || format!("{:?}", record.results),
    )?;
    ensure(record.with("pass") == ["s::files::project"], || {
        format!("{:?}", record.results)
    })?;
    let ran = fixture.run(&["run", "--exact", "s::files::project"]);
    ensure(ran.code() == Some(0), || ran.stdout.clone())?;
    let ran = fixture.run(&["run"]);
    let rows: Vec<_> = ran.stdout.lines().take(3).collect();
    ensure(
        rows.iter().any(|row| row.starts_with(" nixos:project "))
            && rows.iter().any(|row| row.starts_with(" project ")),
        || ran.stdout.clone(),
    )
}
