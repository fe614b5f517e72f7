//! Errors that are not the configuration's, and configurations that do not evaluate.

use nix_parity_testkit::{Host, Platform, Project};

use super::{Row, ensure};
use crate::support::Fixture;

pub(super) const ROWS: [Row; 5] = [
    Row {
        subject: "throws",
        verdict: "passed on an error of nix-parity itself: a host that cannot be varied",
        check: || own_errors("throws: { matches: \".*\" }", "with: \"{ }\""),
    },
    Row {
        subject: "expected_failure",
        verdict: "passed on an error of nix-parity itself: a host that cannot be varied",
        check: || {
            own_errors(
                "eval: \"{ config, ... }: config.a\", is: 2, expected_failure: { until: later }",
                "with: \"{ }\"",
            )
        },
    },
    Row {
        subject: "expected_failure",
        verdict: "passed where the user's settings forbid what the case needs",
        check: forbidden_is_no_failure,
    },
    Row {
        subject: "exit code",
        verdict: "was 3, as of a network that is down, for a configuration that does not evaluate",
        check: configuration_that_does_not_evaluate,
    },
    Row {
        subject: "exit code",
        verdict: "was 3 for a flake that cannot be read",
        check: flake_that_cannot_be_read,
    },
];

/// A host of its own making: without `extendModules`, as old versions of nixpkgs have it.
fn own_errors(check: &str, variant: &str) -> Result<(), String> {
    let flake = "{ outputs = _: { nixosConfigurations.pc = { config.a = 1; options = { }; \
                 pkgs.stdenv.hostPlatform.system = \"x86_64-linux\"; lib = { }; }; }; }\n";
    let cases = format!("suite: s\ncases: [{{ name: c, {variant}, {check} }}]\n");
    let project = Project::new(&[("flake.nix", flake), ("cases/s.yaml", &cases)]);
    project.git_add_all();
    let record = Fixture::new(project).record(&[]);
    ensure(record.with("error") == ["s::c::pc"], || {
        format!("{:?}", record.results)
    })?;
    ensure(record.code == Some(3), || format!("{:?}", record.code))?;
    let findings = record.findings("s::c::pc");
    ensure(findings.contains("extendModules"), || findings.clone())
}

fn forbidden_is_no_failure() -> Result<(), String> {
    let module = r#"{ environment.variables.THEME = import (derivation {
      name = "theme"; system = "x86_64-linux"; builder = "/bin/sh";
      args = [ "-c" "echo '\"dark\"' > $out" ];
    }); }
"#;
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let cases = "suite: s\ncases:\n\
        \x20 - name: theme\n\
        \x20   expect: { nixos: { environment.variables.THEME: light } }\n\
        \x20   expected_failure: { until: the theme is chosen }\n";
    let fixture = Fixture::with_inputs(&[host], &[("cases/s.yaml", cases)]);
    let ran = fixture
        .program(&["run"])
        .env("NIX_CONFIG", "allow-import-from-derivation = false")
        .run();
    ensure(
        ran.code() == Some(3) && ran.stdout.contains("allow-import-from-derivation"),
        || format!("{:?} {}{}", ran.code(), ran.stdout, ran.stderr),
    )
}

fn configuration_that_does_not_evaluate() -> Result<(), String> {
    let modules = [
        "{ networking.domain = throw \"unable to download 'it'\"; }\n",
        "{ networking.domain = 1 + \"a\"; }\n",
        "{ config, ... }: { networking.domain = config.networking.domain; }\n",
        "{ networking.domain = (import ./missing.nix).domain; }\n",
        "{ networking.domain = \"lan\";\n",
    ];
    for module in modules {
        let host = Host::new(Platform::NixOs, "pc").with_module(module);
        let cases =
            "suite: s\ncases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n";
        let fixture = Fixture::with_inputs(&[host], &[("cases/s.yaml", cases)]);
        for _ in ["evaluated", "cached"] {
            let record = fixture.record(&[]);
            ensure(record.code == Some(1), || {
                format!("{module}: {:?} {:?}", record.code, record.results)
            })?;
        }
    }
    Ok(())
}

fn flake_that_cannot_be_read() -> Result<(), String> {
    let project = Project::new(&[
        (
            "flake.nix",
            "{ outputs = _: { nixosConfigurations = ; }; }\n",
        ),
        (
            "cases/s.yaml",
            "suite: s\ncases: [{ name: c, eval: \"{ ... }: 1\", is: 1 }]\n",
        ),
    ]);
    project.git_add_all();
    let ran = Fixture::new(project).program(&["run"]).run();
    ensure(ran.code() == Some(1), || {
        format!("{:?} {}", ran.code(), ran.stderr)
    })
}
