# nixpkgs.{config,overlays}: the package set of a home that does not share its system's.
{ config, lib, basePkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nixpkgs;
in
{
  options.nixpkgs = {
    config = mkOption {
      type = types.nullOr (types.attrsOf types.anything);
      default = null;
      description = "Configuration of the package set.";
    };
    overlays = mkOption {
      type = types.nullOr (types.listOf types.raw);
      default = null;
      description = "Overlays to lay over the package set.";
    };
  };
  config._module.args.pkgs =
    if cfg.config == null && cfg.overlays == null then
      lib.mkOverride 900 basePkgs
    else
      lib.mkOverride 900 (
        import basePkgs.path {
          inherit (basePkgs.stdenv.hostPlatform) system;
          config = if cfg.config == null then { } else cfg.config;
          overlays = if cfg.overlays == null then [ ] else cfg.overlays;
        }
      );
}
