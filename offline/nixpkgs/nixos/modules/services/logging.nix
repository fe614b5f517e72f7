# services.loki and services.journald: logs of machines.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.loki;
in
{
  options.services = {
    loki = {
      enable = lib.mkEnableOption "Loki";
      configuration = mkOption { type = types.attrsOf types.anything; default = { }; description = "Settings of Loki."; };
    };
    journald.extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of journald.conf."; };
  };
  config = lib.mkMerge [
    { environment.etc."systemd/journald.conf".text = "[Journal]\nStorage=persistent\n" + config.services.journald.extraConfig; }
    (lib.mkIf cfg.enable {
      environment.etc."loki/config.json".text = builtins.toJSON cfg.configuration;
      systemd.services.loki = {
        description = "Loki";
        wantedBy = [ "multi-user.target" ];
        restartTriggers = [ config.environment.etc."loki/config.json".source ];
        serviceConfig.ExecStart = "${pkgs.grafana-loki}/bin/loki --config.file=/etc/loki/config.json";
      };
      users.users.loki = { isSystemUser = true; group = "loki"; };
      users.groups.loki = { };
    })
  ];
}
