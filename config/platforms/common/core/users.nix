# The owner's account.
{ config, local, pkgs, platform, ... }:
let
  inherit (config.machine) owner;
in
{
  users.users.${owner.name} = local.helpers.users.ownerAccount {
    inherit platform owner;
    defaults = local.platform.defaults platform;
    shell = pkgs.fish;
  };
}
