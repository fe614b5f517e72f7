# machine.services.monitoring: metrics of the machine, told to the machine itself only.
{ config, lib, local, platform, ... }:
let
  cfg = config.machine.services.monitoring;
in
{
  options.machine.services.monitoring = {
    enable = lib.mkEnableOption "metrics of this machine";
    node = lib.mkOption {
      type = local.types.service.endpoint 9100;
      default = { };
      description = "Where the exporter of machine metrics listens.";
    };
  };

  config = lib.mkIf cfg.enable (
    local.platform.compatibility.settings platform {
      common.services = {
        netdata.enable = true;
        prometheus.exporters.node = {
          enable = true;
          listenAddress = cfg.node.address;
          port = cfg.node.port;
          disabledCollectors = [ "textfile" ];
        };
      };
      nixos.services.prometheus.exporters.node.enabledCollectors = [ "systemd" ];
    }
  );
}
