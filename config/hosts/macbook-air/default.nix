# The MacBook Air.
{
  imports = [
    ../common/builders.nix
    ../common/owner.nix
    ../common/team.nix
    ../../profiles/base/darwin.nix
    ../../profiles/role/ai.nix
    ../../profiles/role/cloud.nix
    ../../profiles/role/laptop.nix
    ../../profiles/role/observability.nix
    ../../profiles/role/performance.nix
    ../../profiles/role/security-hardened.nix
    ../../profiles/role/team.nix
    ../../profiles/role/workstation.nix
  ];
  machine.name = "macbook-air";
  networking.computerName = "MacBook Air";
}
