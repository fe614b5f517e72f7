# machine.*: what this configuration knows of a machine before any platform's option is set, and where
# scripts on the machine can read what it is for.
{ config, lib, local, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.machine = {
    name = mkOption {
      type = types.strMatching "[a-z0-9-]+";
      description = "Name of the machine on the network.";
    };
    owner = mkOption {
      type = local.types.user.owner;
      description = "Whose machine it is.";
    };
    roles = mkOption {
      type = types.listOf local.types.system.role;
      default = [ ];
      description = "What the machine is for.";
    };
    team = {
      enable = lib.mkEnableOption "accounts for a team";
      members = mkOption {
        type = types.attrsOf local.types.user.member;
        default = { };
        description = "Who works on the machine besides its owner.";
      };
    };
  };

  config.environment.etc."machine-roles".text = lib.concatLines config.machine.roles;
}
