# Homes inside NixOS: a service per account activates its home.
{ config, lib, ... }:
let
  cfg = config.home-manager;
in
{
  imports = [ ./common.nix ];
  config.systemd.services = lib.mapAttrs' (
    name: user:
    lib.nameValuePair "home-manager-${name}" {
      description = "Home Manager environment for ${name}";
      wantedBy = [ "multi-user.target" ];
      wants = [ "nix-daemon.socket" ];
      after = [ "nix-daemon.socket" ];
      before = [ "systemd-user-sessions.service" ];
      stopIfChanged = false;
      environment = lib.optionalAttrs (cfg.backupFileExtension != null) { HOME_MANAGER_BACKUP_EXT = cfg.backupFileExtension; }
        // lib.optionalAttrs cfg.verbose { VERBOSE = "1"; };
      unitConfig.RequiresMountsFor = user.home.homeDirectory;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = "yes";
        User = user.home.username;
        ExecStart = "${user.home.activationPackage}/activate";
      };
    }
  ) cfg.users;
}
