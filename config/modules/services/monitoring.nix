# machine.services.monitoring: metrics of the machine, for itself only.
{ config, lib, local, platform, ... }:
let
  cfg = config.machine.services.monitoring;
in
{
  options.machine.services.monitoring.enable = lib.mkEnableOption "metrics of this machine";

  config = local.platform.compatibility.onNixOS platform (
    lib.mkIf cfg.enable {
      services.netdata.enable = true;
      services.prometheus.exporters.node = {
        enable = true;
        listenAddress = "127.0.0.1";
        enabledCollectors = [ "systemd" ];
      };
    }
  );
}
