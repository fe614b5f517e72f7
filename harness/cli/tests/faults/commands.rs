//! The commands that write, each on a project of its own that it finds something to do in.

use nix_parity_testkit::{Host, Platform};

use crate::projects::{evaluated, gate_cases, real, tree};
use crate::scenario::Scenario;
use crate::support::Fixture;

pub(crate) fn cold() -> Scenario {
    Scenario::new(real(), &["run"], 1)
}

/// What was evaluated is known, and a snapshot is another one than was accepted.
pub(crate) fn pending() -> Scenario {
    let fixture = evaluated();
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    for file in [
        "snapshots/pc/s__all@options.snap",
        "snapshots/pc/s__shape@options.snap",
    ] {
        let text = fixture.project.read(file);
        fixture.project.write(file, &format!("{text}more = 1;\n"));
    }
    Scenario::new(fixture, &["run"], 1)
}

pub(crate) fn reports() -> Scenario {
    let fixture = tree();
    fixture.project.write("out/junit.xml", "old");
    let files = [
        "--junit",
        "out/junit.xml",
        "--html",
        "out/new/page.html",
        "--markdown",
        "out/a.md",
    ];
    Scenario::new(fixture, &[&["run"], &files[..]].concat(), 1)
        .varying("out/junit.xml", "</testsuites>")
        .varying("out/new/page.html", "</html>")
        .varying("out/a.md", "</details>")
}

pub(crate) fn accept() -> Scenario {
    Scenario::new(evaluated(), &["review", "--accept"], 0)
}

pub(crate) fn reject() -> Scenario {
    Scenario::new(evaluated(), &["review", "--reject"], 0)
}

pub(crate) fn unreferenced() -> Scenario {
    let fixture = evaluated();
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    fixture.project.write(
        "cases/s.yaml",
        "cases: [{ name: x, tree: { present: flake.nix } }]\n",
    );
    Scenario::new(fixture, &["review", "--unreferenced", "delete"], 0)
}

pub(crate) fn gap_accept() -> Scenario {
    let fixture = tree();
    assert_eq!(fixture.run(&["gap", "--accept"]).code(), Some(0));
    fixture.project.write("flake.nxi", "");
    Scenario::new(fixture, &["gap", "--accept"], 0)
}

pub(crate) fn history() -> Scenario {
    let fixture = tree();
    let ran = fixture.run(&["gap", "--history", "history.jsonl"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    fixture.project.write("flake.nxi", "");
    Scenario::new(fixture, &["gap", "--history", "history.jsonl"], 0)
}

pub(crate) fn schema() -> Scenario {
    let fixture = tree();
    fixture.project.write("schemas/case.schema.json", "{}\n");
    Scenario::new(fixture, &["schema", "--write"], 0)
}

pub(crate) fn export() -> Scenario {
    let fixture = tree();
    fixture.project.write(
        "cases/vm.yaml",
        "cases: [{ name: boots, vm: { steps: [{ succeed: 'true' }] } }]\n",
    );
    fixture.project.write("tests.nix", "old\n");
    Scenario::new(fixture, &["vm", "--export", "tests.nix"], 0)
}

pub(crate) fn man() -> Scenario {
    let fixture = tree();
    fixture.project.write("man/nix-parity.1", "old\n");
    Scenario::new(fixture, &["man", "--dir", "man"], 0)
}

/// What it evaluates is known: what it writes is its record. What evaluating writes is
/// looked at where a run does it.
pub(crate) fn gate() -> Scenario {
    let fixture = real();
    gate_cases(&fixture);
    let gate = ["gate", "--host", "pc", "--yes", "--", "true"];
    assert_eq!(fixture.run(&gate).code(), Some(0));
    std::fs::remove_dir_all(fixture.cache().join("gate")).unwrap();
    Scenario::new(fixture, &gate, 0)
}

pub(crate) fn clear() -> Scenario {
    Scenario::new(evaluated(), &["cache", "clear"], 0)
}

/// A project with nothing but hosts, evaluated once.
pub(crate) fn init() -> Scenario {
    let module = "{ networking.domain = \"lan\"; services.openssh.enable = true; }\n";
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let fixture = Fixture::with_hosts(&[host], &[]);
    assert_eq!(fixture.run(&["init", "--dry-run"]).code(), Some(0));
    Scenario::new(fixture, &["init", "--yes"], 0)
        // What other cases look at by then is not proposed once more; what there is passes.
        .then(&[&["run"]])
}

/// A flake that needs no base, with an input that the profile replaces by a folder of the
/// repository: of a commit that is laid out beside what is evaluated.
pub(crate) fn commit() -> Scenario {
    let settings = "\
hosts: { nixos: [pc] }
profile: here
profiles: { here: { override_inputs: { base: 'path:./base' } } }
";
    let flake = "\
{
  inputs.base = { url = \"github:nobody/base\"; flake = false; };
  outputs = { base, ... }: { nixosConfigurations.pc = import \"${base}/host.nix\"; };
}
";
    let host = "\
rec {
  options = { };
  pkgs.stdenv.hostPlatform.system = \"x86_64-linux\";
  config.system.build.toplevel = derivation {
    name = \"system\";
    system = \"x86_64-linux\";
    builder = \"/bin/sh\";
    word = \"old\";
  };
}
";
    let fixture = Fixture::without_nix(&[
        ("parity.yaml", settings),
        ("base/host.nix", host),
        ("base/more/none", ""),
    ]);
    fixture.project.write("flake.nix", flake);
    fixture.project.commit("first");
    let new = host.replace("old", "new");
    fixture.project.write("base/host.nix", &new);
    Scenario::new(fixture, &["diff", "HEAD:pc", "pc"], 1)
}
