# services.nginx: virtual hosts, rendered to nginx.conf.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.nginx;
  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
  path = description: mkOption { type = types.nullOr types.path; default = null; inherit description; };

  location.options = {
    root = path "Folder to serve.";
    proxyPass = mkOption { type = types.nullOr types.str; default = null; description = "Address to pass requests to."; };
    return = mkOption { type = types.nullOr (types.oneOf [ types.str types.int ]); default = null; description = "Fixed answer."; };
    extraConfig = lines "More lines of the location.";
  };
  virtualHost =
    { name, ... }:
    {
      options = {
        serverName = mkOption { type = types.nullOr types.str; default = name; description = "Name that clients ask for."; };
        default = mkOption { type = types.bool; default = false; description = "Whether it answers for unknown names."; };
        root = path "Folder to serve.";
        locations = mkOption { type = types.attrsOf (types.submodule location); default = { }; description = "Parts of the host."; };
        extraConfig = lines "More lines of the host.";
      };
    };
  value = keyword: v: lib.optionalString (v != null) "    ${keyword} ${toString v};\n";
in
{
  options.services.nginx = {
    enable = lib.mkEnableOption "nginx";
    package = mkOption { type = types.package; default = pkgs.nginx; description = "The nginx."; };
    virtualHosts = mkOption { type = types.attrsOf (types.submodule virtualHost); default = { }; description = "Hosts that it serves."; };
    recommendedGzipSettings = mkOption { type = types.bool; default = false; description = "Whether answers are compressed."; };
    recommendedTlsSettings = mkOption { type = types.bool; default = false; description = "Whether only modern ciphers are spoken."; };
    recommendedOptimisation = mkOption { type = types.bool; default = false; description = "Whether files are sent the fast way."; };
    defaultHTTPListenPort = mkOption { type = types.port; default = 80; description = "Port to listen on."; };
  };

  config = lib.mkIf cfg.enable {
    environment.etc."nginx/nginx.conf".text =
      "events {}\nhttp {\n"
      + lib.optionalString cfg.recommendedGzipSettings "  gzip on;\n"
      + lib.optionalString cfg.recommendedOptimisation "  sendfile on;\n  tcp_nopush on;\n"
      + lib.optionalString cfg.recommendedTlsSettings "  ssl_protocols TLSv1.2 TLSv1.3;\n"
      + lib.concatMapStrings (
        host:
        "  server {\n    listen ${toString cfg.defaultHTTPListenPort}${lib.optionalString host.default " default_server"};\n"
        + value "server_name" host.serverName
        + value "root" host.root
        + lib.concatStrings (
          lib.mapAttrsToList (
            where: l: "    location ${where} {\n" + value "root" l.root + value "proxy_pass" l.proxyPass + value "return" l.return + l.extraConfig + "    }\n"
          ) host.locations
        )
        + host.extraConfig
        + "  }\n"
      ) (lib.attrValues cfg.virtualHosts)
      + "}\n";
    users.users.nginx = { isSystemUser = true; group = "nginx"; };
    users.groups.nginx = { };
    systemd.services.nginx = {
      description = "Nginx Web Server";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      restartTriggers = [ config.environment.etc."nginx/nginx.conf".source ];
      serviceConfig.ExecStart = "${cfg.package}/bin/nginx -c /etc/nginx/nginx.conf -g 'daemon off;'";
    };
  };
}
