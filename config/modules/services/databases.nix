# machine.services.databases: PostgreSQL and Redis for development, wherever the platform keeps them.
{ config, lib, local, platform, ... }:
let
  cfg = config.machine.services.databases;
in
{
  options.machine.services.databases.enable = lib.mkEnableOption "databases for development";

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      { services.postgresql.enable = true; }
      (local.platform.compatibility.onDarwin platform {
        services.redis.enable = true;
        services.redis.bind = "127.0.0.1";
      })
      (local.platform.compatibility.onNixOS platform {
        services.postgresql.ensureDatabases = [ config.machine.owner.name ];
        services.postgresql.ensureUsers = [
          {
            name = config.machine.owner.name;
            ensureDBOwnership = true;
          }
        ];
        services.redis.servers."".enable = true;
      })
    ]
  );
}
