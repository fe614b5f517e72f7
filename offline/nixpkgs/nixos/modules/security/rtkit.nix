# security.rtkit: real-time priority, which sound needs.
{ config, lib, pkgs, ... }:
{
  options.security.rtkit.enable = lib.mkEnableOption "real-time priority for user processes";
  config = lib.mkIf config.security.rtkit.enable {
    systemd.services.rtkit-daemon = {
      description = "RealtimeKit Scheduling Policy Service";
      wantedBy = [ "graphical.target" ];
      serviceConfig.ExecStart = "${pkgs.rtkit}/bin/rtkit-daemon";
    };
    users.users.rtkit = {
      isSystemUser = true;
      group = "rtkit";
    };
    users.groups.rtkit = { };
  };
}
