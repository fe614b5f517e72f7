# A machine that is watched: it exports metrics, and one of them collects those of all, with logs and traces.
{ config, lib, local, platform, ... }:
let
  cfg = config.machine.observability;
  at = endpoint: "${endpoint.address}:${toString endpoint.port}";
  listens =
    port: description:
    lib.mkOption {
      type = local.types.service.endpoint port;
      default = { };
      inherit description;
    };
in
{
  options.machine.observability = {
    host = lib.mkOption {
      type = lib.types.str;
      default = "server";
      description = "Machine that collects, by its name on the tailnet.";
    };
    collector = lib.mkEnableOption "collecting metrics, logs and traces of all machines here";
    watched = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [
        "future-nixos-pc"
        "macbook-air"
        "workstation"
      ];
      description = "Machines whose metrics are collected besides the collector's own.";
    };
    prometheus = listens 9090 "Where Prometheus listens.";
    grafana = listens 3000 "Where Grafana listens.";
    loki = listens 3100 "Where Loki listens.";
    jaeger = listens 16686 "Where Jaeger shows traces.";
    traces = listens 4317 "Where traces arrive, as OTLP.";
  };

  config = local.platform.compatibility.settings platform {
    common = {
      machine.roles = [ "observability" ];
      # Heard on the tailnet: the firewall keeps everybody else out.
      machine.services.monitoring = {
        enable = true;
        node.address = "0.0.0.0";
      };
      machine.observability.traces.address = "0.0.0.0";
      environment.variables.OTEL_EXPORTER_OTLP_ENDPOINT = "http://${cfg.host}:${toString cfg.traces.port}";
    };
    darwin.assertions = [
      {
        assertion = !cfg.collector;
        message = "machine.observability.collector needs NixOS: Loki and Grafana are services of systemd";
      }
    ];
    nixos = lib.mkIf cfg.collector {
      services.prometheus = {
        enable = true;
        listenAddress = cfg.prometheus.address;
        port = cfg.prometheus.port;
        retentionTime = "30d";
        globalConfig.scrape_interval = "30s";
        scrapeConfigs = [
          {
            job_name = "machines";
            static_configs = [
              { targets = map (host: "${host}:9100") ([ config.machine.name ] ++ cfg.watched); }
            ];
          }
        ];
      };
      services.grafana = {
        enable = true;
        settings = {
          analytics.reporting_enabled = false;
          server = {
            http_addr = cfg.grafana.address;
            http_port = cfg.grafana.port;
          };
          users.allow_sign_up = false;
        };
        provision.datasources.settings.datasources = [
          {
            name = "Prometheus";
            type = "prometheus";
            url = "http://${at cfg.prometheus}";
            isDefault = true;
          }
          {
            name = "Loki";
            type = "loki";
            url = "http://${at cfg.loki}";
          }
          {
            name = "Jaeger";
            type = "jaeger";
            url = "http://${at cfg.jaeger}";
          }
        ];
      };
      services.loki = {
        enable = true;
        configuration = {
          auth_enabled = false;
          server = {
            http_listen_address = cfg.loki.address;
            http_listen_port = cfg.loki.port;
          };
          limits_config.retention_period = "720h";
        };
      };
      # nixpkgs has no service for Jaeger, whose makers publish it as an image.
      virtualisation.oci-containers = {
        backend = "podman";
        containers.jaeger = {
          image = "docker.io/jaegertracing/jaeger:2.11.0";
          ports = [
            "${at cfg.jaeger}:16686"
            "${at cfg.traces}:4317"
          ];
        };
      };
      machine.services.web = {
        enable = true;
        proxies.grafana = cfg.grafana.port;
      };
    };
  };
}
