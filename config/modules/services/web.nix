# machine.services.web: one nginx before what the machine offers. macOS has no nginx to configure, so
# there the switch says so instead of doing nothing.
{ config, lib, local, pkgs, platform, ... }:
let
  cfg = config.machine.services.web;
in
{
  options.machine.services.web = {
    enable = lib.mkEnableOption "a web server";
    proxies = lib.mkOption {
      type = lib.types.attrsOf lib.types.port;
      default = { };
      description = "Names to answer for, each with the local port that has the answer.";
    };
  };

  config = local.platform.compatibility.settings platform {
    common.assertions = [
      {
        assertion = cfg.enable -> platform.isNixOS;
        message = "machine.services.web needs NixOS: ${config.machine.name} has no services.nginx";
      }
    ];
    nixos = lib.mkIf cfg.enable {
      services.nginx = {
        enable = true;
        package = pkgs.nginx-hardened;
        recommendedGzipSettings = true;
        recommendedOptimisation = true;
        recommendedTlsSettings = true;
        virtualHosts = lib.mapAttrs (_: port: { locations."/".proxyPass = "http://127.0.0.1:${toString port}"; }) cfg.proxies;
      };
    };
  };
}
