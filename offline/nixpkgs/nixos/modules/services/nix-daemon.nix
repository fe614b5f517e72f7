# The Nix daemon, and its timed garbage collection and optimisation.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;
  command = description: exec: dates: {
    inherit description;
    startAt = dates;
    serviceConfig = {
      Type = "oneshot";
      ExecStart = exec;
    };
  };
in
{
  options.nix = {
    gc = {
      automatic = mkOption { type = types.bool; default = false; description = "Whether garbage is collected by itself."; };
      dates = mkOption { type = types.either types.singleLineStr (types.listOf types.str); apply = lib.toList; default = "03:15"; description = "When."; };
      options = mkOption { type = types.singleLineStr; default = ""; description = "Options of nix-collect-garbage."; };
      persistent = mkOption { type = types.bool; default = true; description = "Whether a missed run is made up for."; };
      randomizedDelaySec = mkOption { type = types.singleLineStr; default = "0"; description = "By how much a run may be late."; };
    };
    optimise = {
      automatic = mkOption { type = types.bool; default = false; description = "Whether equal files are linked by themselves."; };
      dates = mkOption { type = types.coercedTo types.singleLineStr lib.singleton (types.listOf types.singleLineStr); default = [ "03:45" ]; description = "When."; };
    };
    daemonCPUSchedPolicy = mkOption { type = types.enum [ "other" "batch" "idle" ]; default = "other"; description = "How builds share the processor."; };
    nrBuildUsers = mkOption { type = types.int; default = 32; description = "Accounts for builds."; };
  };

  config = lib.mkIf cfg.enable {
    nix.settings.system-features = lib.mkDefault [ "nixos-test" "benchmark" "big-parallel" "kvm" ];
    systemd.services.nix-daemon = {
      description = "Nix Daemon";
      path = [ cfg.package ];
      restartTriggers = [ config.environment.etc."nix/nix.conf".source ];
      stopIfChanged = false;
      unitConfig.RequiresMountsFor = "/nix/store";
      serviceConfig = {
        ExecStart = "${cfg.package}/bin/nix-daemon --daemon";
        CPUSchedulingPolicy = cfg.daemonCPUSchedPolicy;
      };
    };
    systemd.sockets.nix-daemon = {
      description = "Nix Daemon Socket";
      wantedBy = [ "sockets.target" ];
      socketConfig.ListenStream = "/nix/var/nix/daemon-socket/socket";
    };
    systemd.services.nix-gc = command "Nix Garbage Collector" "${cfg.package}/bin/nix-collect-garbage ${cfg.gc.options}" (
      lib.optionals cfg.gc.automatic cfg.gc.dates
    );
    systemd.timers.nix-gc = lib.mkIf cfg.gc.automatic {
      timerConfig = {
        Persistent = cfg.gc.persistent;
        RandomizedDelaySec = cfg.gc.randomizedDelaySec;
      };
    };
    systemd.services.nix-optimise = command "Nix Store Optimiser" "${cfg.package}/bin/nix-store --optimise" (
      lib.optionals cfg.optimise.automatic cfg.optimise.dates
    );
    users.users = lib.listToAttrs (
      map (
        n:
        lib.nameValuePair "nixbld${toString n}" {
          uid = 30000 + n;
          isSystemUser = true;
          group = "nixbld";
          extraGroups = [ "nixbld" ];
          description = "Nix build user ${toString n}";
        }
      ) (lib.range 1 cfg.nrBuildUsers)
    );
  };
}
