# The machine in the cupboard: it builds, watches the others, and is never sat at.
{
  imports = [
    ../common/builders.nix
    ../common/owner.nix
    ../common/team.nix
    ../../profiles/base/nixos.nix
    ../../profiles/role/development-server.nix
    ../../profiles/role/observability.nix
    ../../profiles/role/performance.nix
    ../../profiles/role/security-hardened.nix
    ../../profiles/role/team.nix
  ];
  machine.name = "server";
  machine.observability.collector = true;
}
