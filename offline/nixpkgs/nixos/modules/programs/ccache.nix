# programs.ccache: a compiler cache that builds may use.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs.ccache;
in
{
  options.programs.ccache = {
    enable = lib.mkEnableOption "ccache";
    cacheDir = mkOption { type = types.path; default = "/var/cache/ccache"; description = "Where it keeps what was compiled."; };
    packageNames = mkOption { type = types.listOf types.str; default = [ ]; description = "Packages that are compiled through it."; };
  };
  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ pkgs.ccache ];
    systemd.tmpfiles.rules = [ "d ${cfg.cacheDir} 0770 root nixbld -" ];
  };
}
