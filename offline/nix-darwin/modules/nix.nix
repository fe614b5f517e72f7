# nix.gc and nix.optimise as launchd jobs, and what macOS adds to the settings of Nix.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;
  interval =
    default:
    mkOption {
      type = import ./launchd-calendar.nix { inherit lib; };
      inherit default;
      description = "When, as launchd's StartCalendarInterval.";
    };
in
{
  options.nix = {
    gc = {
      automatic = mkOption { type = types.bool; default = false; description = "Whether garbage is collected by itself."; };
      interval = interval [ { Weekday = 7; Hour = 3; Minute = 15; } ];
      options = mkOption { type = types.str; default = ""; description = "Options of nix-collect-garbage."; };
    };
    daemonProcessType = mkOption { type = types.enum [ "Background" "Standard" "Adaptive" "Interactive" ]; default = "Standard"; description = "How launchd ranks the daemon."; };
    optimise = {
      automatic = mkOption { type = types.bool; default = false; description = "Whether equal files are linked by themselves."; };
      interval = interval [ { Weekday = 7; Hour = 4; Minute = 15; } ];
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.enable {
      nix.settings = {
        build-users-group = "nixbld";
        trusted-users = [ "root" ];
      };
      launchd.daemons.nix-daemon = {
        command = "${cfg.package}/bin/nix-daemon";
        serviceConfig.KeepAlive = true;
        serviceConfig.ProcessType = cfg.daemonProcessType;
      };
      launchd.daemons.nix-gc = lib.mkIf cfg.gc.automatic {
        command = "${cfg.package}/bin/nix-collect-garbage ${cfg.gc.options}";
        serviceConfig.RunAtLoad = false;
        serviceConfig.StartCalendarInterval = cfg.gc.interval;
      };
      launchd.daemons.nix-optimise = lib.mkIf cfg.optimise.automatic {
        command = "${cfg.package}/bin/nix-store --optimise";
        serviceConfig.RunAtLoad = false;
        serviceConfig.StartCalendarInterval = cfg.optimise.interval;
      };
    })
    {
      assertions = [
        {
          assertion = cfg.gc.automatic -> cfg.enable;
          message = "nix.gc.automatic needs nix.enable.";
        }
        {
          assertion = !cfg.settings.auto-optimise-store;
          message = "nix.settings.auto-optimise-store is not safe on macOS; use nix.optimise.automatic.";
        }
      ];
    }
  ];
}
