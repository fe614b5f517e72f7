# services.{postgresql,redis} as launchd agents of the primary user.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  pg = config.services.postgresql;
  redis = config.services.redis;
in
{
  options.services = {
    postgresql = {
      enable = mkOption { type = types.bool; default = false; description = "Whether PostgreSQL runs."; };
      package = mkOption { type = types.package; default = pkgs.postgresql; description = "The PostgreSQL."; };
      port = mkOption { type = types.int; default = 5432; description = "Port to listen on."; };
      enableTCPIP = mkOption { type = types.bool; default = false; description = "Whether other machines may connect."; };
      settings = mkOption { type = types.attrsOf (types.oneOf [ types.bool types.float types.int types.str ]); default = { }; description = "Settings of postgresql.conf."; };
      dataDir = mkOption { type = types.path; default = "/var/lib/postgresql/${lib.versions.major pg.package.version}"; description = "Where the data is."; };
    };
    redis = {
      enable = mkOption { type = types.bool; default = false; description = "Whether Redis runs."; };
      package = mkOption { type = types.path; default = pkgs.redis; description = "The Redis."; };
      port = mkOption { type = types.port; default = 6379; description = "Port to listen on."; };
      bind = mkOption { type = types.nullOr types.str; default = null; description = "Address to listen on."; };
      dataDir = mkOption { type = types.nullOr types.path; default = "/var/lib/redis"; description = "Where the data is."; };
    };
  };
  config = lib.mkMerge [
    (lib.mkIf pg.enable {
      environment.systemPackages = [ pg.package ];
      launchd.user.agents.postgresql = {
        path = [ pg.package ];
        script = ''
          [ -e "${pg.dataDir}/PG_VERSION" ] || initdb -D "${pg.dataDir}"
          exec postgres -D "${pg.dataDir}" -p ${toString pg.port} -c listen_addresses=${if pg.enableTCPIP then "'*'" else "localhost"} ${
            lib.concatStringsSep " " (lib.mapAttrsToList (name: value: "-c ${name}=${lib.escapeShellArg (toString value)}") pg.settings)
          }
        '';
        serviceConfig.KeepAlive = true;
        serviceConfig.RunAtLoad = true;
      };
    })
    (lib.mkIf redis.enable {
      environment.systemPackages = [ redis.package ];
      environment.etc."redis.conf".text =
        "port ${toString redis.port}\n"
        + lib.optionalString (redis.bind != null) "bind ${redis.bind}\n"
        + lib.optionalString (redis.dataDir != null) "dir ${redis.dataDir}\n";
      launchd.daemons.redis = {
        command = "${redis.package}/bin/redis-server /etc/redis.conf";
        serviceConfig.KeepAlive = true;
      };
    })
  ];
}
