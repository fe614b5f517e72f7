# Jobs of the owner's session.
{ config, local, pkgs, platform, ... }:
let
  inherit (config.users.users.${config.machine.owner.name}) home;
in
{
  launchd.user.agents.machine-report = {
    command = "${pkgs.machine-report}/bin/machine-report";
    serviceConfig = {
      RunAtLoad = true;
      StartInterval = 86400;
      StandardOutPath = local.helpers.paths.logOf (local.platform.defaults platform) home "machine-report";
    };
  };
}
