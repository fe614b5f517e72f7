//! The projects that faults happen to.

use nix_parity_testkit::{Host, Platform};

use crate::support::Fixture;

pub(crate) const LEDGER: &str = "\
rows:
  - { id: files, proposed: files, gap: total, weight: 3, wanted: required }
  - { id: more, proposed: more files, gap: small, weight: 2, wanted: optional }
";

/// Cases that need no Nix.
const TREE: &str = "\
suite: s
cases:
  - { name: files, proves: [files], tree: { present: [flake.nix] } }
  - { name: others, proves: [more], tree: { present: [flake.nxi] } }
";

const REAL: &str = "\
suite: s
cases:
  - { name: domain, expect: { nixos: { networking.domain: lan } } }
  - { name: all, snapshot: { options: [networking.domain, networking.hostName] } }
  - { name: shape, snapshot: { options: networking.firewall.enable } }
";

/// A project with no Nix to start.
pub(crate) fn tree() -> Fixture {
    let fixture = Fixture::without_nix(&[
        ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ("ledger.yaml", LEDGER),
        ("cases/s.yaml", TREE),
    ]);
    fixture.project.commit("first");
    fixture
}

/// A flake whose host is what its file says, without a module system: what evaluates it is
/// real, and costs little.
const FLAKE: &str = "\
{
  outputs = _: { nixosConfigurations.pc = import ./system.nix (import ./hosts/pc.nix); };
}
";

const SYSTEM: &str = "\
config: {
  options = { };
  pkgs.stdenv.hostPlatform.system = \"x86_64-linux\";
  config = config // {
    system.build.toplevel = derivation {
      name = \"system\";
      system = \"x86_64-linux\";
      builder = \"/bin/sh\";
      settings = builtins.toJSON config;
    };
  };
}
";

const SETTINGS: &str =
    "{ networking = { domain = \"lan\"; hostName = \"pc\"; firewall.enable = true; }; }\n";

/// A project of a host, with cases and snapshots that nobody has taken yet.
pub(crate) fn real() -> Fixture {
    let fixture = Fixture::without_nix(&[
        ("flake.nix", FLAKE),
        ("system.nix", SYSTEM),
        ("hosts/pc.nix", SETTINGS),
        ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ("cases/s.yaml", REAL),
    ]);
    fixture.project.commit("first");
    fixture
}

/// The same of a host with modules.
pub(crate) fn modular() -> Fixture {
    let module = "{ networking.domain = \"lan\"; }\n";
    let fixture = Fixture::with_inputs(
        &[Host::new(Platform::NixOs, "pc").with_module(module)],
        &[
            ("parity.yaml", "hosts: { nixos: [pc] }\n"),
            ("cases/s.yaml", REAL),
        ],
    );
    fixture.project.commit("first");
    fixture
}

/// Gives it the one case that a gate is to have.
pub(crate) fn gate_cases(fixture: &Fixture) {
    let cases = "cases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n";
    fixture.project.write("cases/s.yaml", cases);
}

/// The same, evaluated once.
pub(crate) fn evaluated() -> Fixture {
    let fixture = real();
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    fixture
}
