# services.{prometheus.exporters.node,netdata}: what watches the Mac.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  node = config.services.prometheus.exporters.node;
  strings = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
in
{
  options.services = {
    prometheus.exporters.node = {
      enable = lib.mkEnableOption "the exporter of machine metrics";
      listenAddress = mkOption { type = types.str; default = ""; description = "Address to listen on."; };
      port = mkOption { type = types.port; default = 9100; description = "Port to listen on."; };
      extraFlags = strings "More flags.";
      enabledCollectors = strings "Collectors to switch on.";
      disabledCollectors = strings "Collectors to switch off.";
    };
    netdata.enable = lib.mkEnableOption "netdata";
  };
  config = lib.mkMerge [
    (lib.mkIf node.enable {
      launchd.daemons.prometheus-node-exporter = {
        command =
          "${pkgs.prometheus-node-exporter}/bin/node_exporter --web.listen-address ${node.listenAddress}:${toString node.port}"
          + lib.concatMapStrings (collector: " --collector.${collector}") node.enabledCollectors
          + lib.concatMapStrings (collector: " --no-collector.${collector}") node.disabledCollectors
          + lib.concatMapStrings (flag: " ${flag}") node.extraFlags;
        serviceConfig.KeepAlive = true;
        serviceConfig.RunAtLoad = true;
      };
    })
    (lib.mkIf config.services.netdata.enable {
      launchd.daemons.netdata = {
        command = "${pkgs.netdata}/bin/netdata -D";
        serviceConfig.KeepAlive = true;
      };
    })
  ];
}
