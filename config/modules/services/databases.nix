# machine.services.databases: SQLite, PostgreSQL and Redis for development, for this machine only.
{ config, lib, local, pkgs, platform, ... }:
let
  cfg = config.machine.services.databases;
  owner = config.machine.owner.name;
in
{
  options.machine.services.databases = {
    enable = lib.mkEnableOption "databases for development";
    redis = lib.mkOption {
      type = local.types.service.endpoint 6379;
      default = { };
      description = "Where Redis listens.";
    };
  };

  config = lib.mkMerge [
    # A file is a database too, and needs no service.
    { machine.packages.databases.common = [ pkgs.sqlite ]; }
    (lib.mkIf cfg.enable (
      local.platform.compatibility.settings platform {
        common.services.postgresql = {
          enable = true;
          enableTCPIP = false;
          settings.log_min_duration_statement = 250;
        };
        darwin.services.redis = {
          enable = true;
          bind = cfg.redis.address;
          port = cfg.redis.port;
        };
        nixos.services.postgresql = {
          ensureDatabases = [ owner ];
          ensureUsers = [
            {
              name = owner;
              ensureDBOwnership = true;
            }
          ];
        };
        nixos.services.redis.servers."" = {
          enable = true;
          bind = cfg.redis.address;
          port = cfg.redis.port;
        };
      }
    ))
  ];
}
