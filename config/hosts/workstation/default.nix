# The big machine under the desk: models, clusters, and a team that shares it.
{
  imports = [
    ../common/builders.nix
    ../common/owner.nix
    ../common/team.nix
    ../../profiles/base/nixos.nix
    ../../profiles/role/ai.nix
    ../../profiles/role/cloud.nix
    ../../profiles/role/observability.nix
    ../../profiles/role/performance.nix
    ../../profiles/role/team.nix
    ../../profiles/role/workstation.nix
  ];
  machine.name = "workstation";
  machine.ai.gpu = true;
}
