# services.postgresql and services.redis.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  pg = config.services.postgresql;
  redisServers = lib.filterAttrs (_: server: server.enable) config.services.redis.servers;
  unitName = name: if name == "" then "redis" else "redis-${name}";

  pgText =
    value:
    if lib.isBool value then (if value then "yes" else "no")
    else if lib.isString value then "'${lib.replaceStrings [ "'" ] [ "''" ] value}'"
    else toString value;
in
{
  options.services.postgresql = {
    enable = lib.mkEnableOption "PostgreSQL";
    package = mkOption { type = types.package; default = pkgs.postgresql; description = "The PostgreSQL."; };
    dataDir = mkOption { type = types.path; default = "/var/lib/postgresql/${lib.versions.major pg.package.version}"; description = "Where the data is."; };
    enableTCPIP = mkOption { type = types.bool; default = false; description = "Whether other machines may connect."; };
    authentication = mkOption { type = types.lines; default = ""; description = "Lines of pg_hba.conf."; };
    ensureDatabases = mkOption { type = types.listOf types.str; default = [ ]; description = "Databases to create."; };
    ensureUsers = mkOption {
      default = [ ];
      description = "Roles to create.";
      type = types.listOf (types.submodule {
        options = {
          name = mkOption { type = types.str; description = "Name of the role."; };
          ensureDBOwnership = mkOption { type = types.bool; default = false; description = "Whether it owns the database of its name."; };
        };
      });
    };
    settings = mkOption {
      default = { };
      description = "Settings of postgresql.conf.";
      type = types.submodule {
        freeformType = types.attrsOf (types.oneOf [ types.bool types.float types.int types.str ]);
        options.port = mkOption { type = types.port; default = 5432; description = "Port to listen on."; };
      };
    };
  };
  options.services.redis.servers = mkOption {
    default = { };
    description = "Redis servers; the one without a name is plain redis.";
    type = types.attrsOf (types.submodule ({ name, ... }: {
      options = {
        enable = lib.mkEnableOption "this Redis server";
        port = mkOption { type = types.port; default = if name == "" then 6379 else 0; description = "TCP port; 0 for none."; };
        bind = mkOption { type = types.nullOr types.str; default = "127.0.0.1"; description = "Address to listen on."; };
        openFirewall = mkOption { type = types.bool; default = false; description = "Whether the firewall lets the port through."; };
        settings = mkOption { type = types.attrsOf (types.oneOf [ types.bool types.int types.str (types.listOf types.str) ]); default = { }; description = "Lines of redis.conf."; };
      };
    }));
  };

  config = lib.mkMerge [
    (lib.mkIf pg.enable {
      services.postgresql.settings.listen_addresses = lib.mkDefault (if pg.enableTCPIP then "*" else "localhost");
      environment.systemPackages = [ pg.package ];
      environment.etc."postgresql/postgresql.conf".text = lib.concatStrings (lib.mapAttrsToList (n: v: "${n} = ${pgText v}\n") pg.settings);
      environment.etc."postgresql/pg_hba.conf".text = pg.authentication + "local all all peer\nhost all all 127.0.0.1/32 md5\n";
      users.users.postgres = { isSystemUser = true; group = "postgres"; home = "/var/lib/postgresql"; description = "PostgreSQL server user"; };
      users.groups.postgres = { };
      systemd.services.postgresql = {
        description = "PostgreSQL Server";
        wantedBy = [ "multi-user.target" ];
        after = [ "network.target" ];
        preStart = ''
          [ -e ${pg.dataDir}/PG_VERSION ] || initdb -D ${pg.dataDir}
        '';
        postStart =
          lib.concatMapStrings (db: "psql -c 'CREATE DATABASE \"${db}\"' || true\n") pg.ensureDatabases
          + lib.concatMapStrings (
            user: "psql -c 'CREATE ROLE \"${user.name}\"' || true\n" + lib.optionalString user.ensureDBOwnership "psql -c 'ALTER DATABASE \"${user.name}\" OWNER TO \"${user.name}\"'\n"
          ) pg.ensureUsers;
        path = [ pg.package ];
        serviceConfig = {
          User = "postgres";
          ExecStart = "${pg.package}/bin/postgres -D ${pg.dataDir} -c config_file=/etc/postgresql/postgresql.conf";
        };
      };
    })
    {
      systemd.services = lib.mapAttrs' (
        name: server:
        lib.nameValuePair (unitName name) {
          description = "Redis Server - ${unitName name}";
          wantedBy = [ "multi-user.target" ];
          after = [ "network.target" ];
          serviceConfig = {
            User = unitName name;
            ExecStart = "${pkgs.redis}/bin/redis-server /etc/redis/${unitName name}.conf";
          };
        }
      ) redisServers;
      environment.etc = lib.mapAttrs' (
        name: server:
        lib.nameValuePair "redis/${unitName name}.conf" {
          text =
            "port ${toString server.port}\n"
            + lib.optionalString (server.bind != null) "bind ${server.bind}\n"
            + lib.concatStrings (lib.mapAttrsToList (key: v: "${key} ${if lib.isBool v then (if v then "yes" else "no") else toString v}\n") server.settings);
        }
      ) redisServers;
      users.users = lib.mapAttrs' (name: _: lib.nameValuePair (unitName name) { isSystemUser = true; group = unitName name; }) redisServers;
      users.groups = lib.mapAttrs' (name: _: lib.nameValuePair (unitName name) { }) redisServers;
      networking.firewall.allowedTCPPorts = lib.concatMap (s: lib.optional (s.openFirewall && s.port != 0) s.port) (lib.attrValues redisServers);
    }
  ];
}
