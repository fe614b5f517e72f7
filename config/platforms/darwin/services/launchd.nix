# Jobs of the owner's session.
{ config, pkgs, ... }:
{
  launchd.user.agents.machine-report = {
    command = "${pkgs.machine-report}/bin/machine-report";
    serviceConfig = {
      RunAtLoad = true;
      StartInterval = 86400;
      StandardOutPath = "${config.users.users.${config.machine.owner.name}.home}/Library/Logs/machine-report.log";
    };
  };
}
