# services.{prometheus,netdata,grafana}: what watches the machine.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services;
  node = cfg.prometheus.exporters.node;
  json = types.attrsOf types.anything;
  daemon = description: exec: {
    inherit description;
    wantedBy = [ "multi-user.target" ];
    after = [ "network.target" ];
    serviceConfig.ExecStart = exec;
  };
in
{
  options.services = {
    prometheus = {
      enable = lib.mkEnableOption "Prometheus";
      listenAddress = mkOption { type = types.str; default = "0.0.0.0"; description = "Address to listen on."; };
      port = mkOption { type = types.port; default = 9090; description = "Port to listen on."; };
      retentionTime = mkOption { type = types.nullOr types.str; default = null; description = "How long samples are kept."; };
      globalConfig = mkOption { type = json; default = { }; description = "The part `global` of the configuration."; };
      scrapeConfigs = mkOption { type = types.listOf json; default = [ ]; description = "What to scrape."; };
      exporters.node = {
        enable = lib.mkEnableOption "the exporter of machine metrics";
        port = mkOption { type = types.port; default = 9100; description = "Port to listen on."; };
        listenAddress = mkOption { type = types.str; default = "0.0.0.0"; description = "Address to listen on."; };
        enabledCollectors = mkOption { type = types.listOf types.str; default = [ ]; description = "Collectors to switch on."; };
        disabledCollectors = mkOption { type = types.listOf types.str; default = [ ]; description = "Collectors to switch off."; };
        openFirewall = mkOption { type = types.bool; default = false; description = "Whether the firewall lets the port through."; };
      };
    };
    netdata = {
      enable = lib.mkEnableOption "netdata";
      config = mkOption { type = types.attrsOf types.attrs; default = { }; description = "Settings of netdata.conf."; };
    };
    grafana = {
      enable = lib.mkEnableOption "Grafana";
      provision.datasources.settings = mkOption {
        type = types.nullOr json;
        default = null;
        description = "Where its data comes from.";
      };
      settings = mkOption {
        default = { };
        description = "Settings of grafana.ini.";
        type = types.submodule {
          freeformType = types.attrsOf (types.attrsOf types.anything);
          options.server = {
            http_addr = mkOption { type = types.str; default = "127.0.0.1"; description = "Address to listen on."; };
            http_port = mkOption { type = types.port; default = 3000; description = "Port to listen on."; };
          };
        };
      };
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.prometheus.enable {
      environment.etc."prometheus/prometheus.yml".text = builtins.toJSON {
        global = cfg.prometheus.globalConfig;
        scrape_configs = cfg.prometheus.scrapeConfigs;
      };
      systemd.services.prometheus = daemon "Prometheus" (
        "${pkgs.prometheus}/bin/prometheus --config.file=/etc/prometheus/prometheus.yml --web.listen-address=${cfg.prometheus.listenAddress}:${toString cfg.prometheus.port}"
        + lib.optionalString (cfg.prometheus.retentionTime != null) " --storage.tsdb.retention.time=${cfg.prometheus.retentionTime}"
      );
    })
    (lib.mkIf node.enable {
      systemd.services.prometheus-node-exporter = daemon "Prometheus node exporter" (
        "${pkgs.prometheus-node-exporter}/bin/node_exporter --web.listen-address ${node.listenAddress}:${toString node.port}"
        + lib.concatMapStrings (collector: " --collector.${collector}") node.enabledCollectors
        + lib.concatMapStrings (collector: " --no-collector.${collector}") node.disabledCollectors
      );
      networking.firewall.allowedTCPPorts = lib.optional node.openFirewall node.port;
    })
    (lib.mkIf cfg.netdata.enable {
      environment.etc."netdata/netdata.conf".text = lib.generators.toINI { } cfg.netdata.config;
      systemd.services.netdata = daemon "Real time performance monitoring" "${pkgs.netdata}/bin/netdata -D -c /etc/netdata/netdata.conf";
      users.users.netdata = { isSystemUser = true; group = "netdata"; };
      users.groups.netdata = { };
    })
    (lib.mkIf cfg.grafana.enable {
      environment.etc."grafana/datasources.json" = lib.mkIf (cfg.grafana.provision.datasources.settings != null) {
        text = builtins.toJSON cfg.grafana.provision.datasources.settings;
      };
      environment.etc."grafana/grafana.ini".text = lib.generators.toINI { } cfg.grafana.settings;
      systemd.services.grafana = daemon "Grafana" "${pkgs.grafana}/bin/grafana server -config /etc/grafana/grafana.ini";
    })
  ];
}
