# The owner's account, and the team's where there is one.
{ config, lib, local, pkgs, platform, ... }:
let
  inherit (config.machine) owner team;
  inherit (local) helpers;
  defaults = local.platform.defaults platform;
  # In the order of their numbers, which do not change.
  teamRoles = [
    "auditor"
    "developer"
    "maintainer"
  ];
  groups = helpers.users.roleGroups {
    inherit platform;
    roles = teamRoles;
  } team.members;
in
local.platform.compatibility.settings platform {
  common.users = {
    users = {
      ${owner.name} = helpers.users.ownerAccount {
        inherit platform owner defaults;
        shell = pkgs.fish;
      };
    }
    // lib.optionalAttrs team.enable (
      lib.mapAttrs (helpers.users.memberAccount {
        inherit platform defaults;
        shell = pkgs.zsh;
      }) team.members
    );
    groups = lib.optionalAttrs team.enable groups;
  };
  darwin.users = lib.mkIf team.enable {
    knownUsers = lib.attrNames team.members;
    knownGroups = lib.attrNames groups;
  };
}
