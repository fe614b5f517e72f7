# nixpkgs.*: which package set the modules get as `pkgs`.
{ config, options, lib, ... }:
let
  cfg = config.nixpkgs;
  opt = options.nixpkgs;
  inherit (lib) mkOption types;

  platform = types.either types.str types.attrs;
  fromPlatform = import ../../../../pkgs {
    inherit (cfg) config overlays;
    system = cfg.hostPlatform.system;
  };
in
{
  options.nixpkgs = {
    system = mkOption {
      type = types.str;
      description = "System double of the host, where hostPlatform is not set.";
    };
    hostPlatform = mkOption {
      type = platform;
      apply = lib.systems.elaborate;
      description = "Platform that the configuration runs on.";
    };
    config = mkOption {
      type = types.attrsOf types.anything;
      default = { };
      description = "Configuration of the package set, such as allowUnfree.";
    };
    overlays = mkOption {
      type = types.listOf (types.functionTo (types.functionTo types.raw) // { description = "overlay"; check = lib.isFunction; merge = lib.mergeOneOption; });
      default = [ ];
      description = "Overlays to lay over the package set.";
    };
    pkgs = mkOption {
      type = types.raw;
      description = "A package set to use in place of the one that this module makes.";
    };
  };

  config = {
    nixpkgs.hostPlatform = lib.mkIf opt.system.isDefined (lib.mkDefault cfg.system);
    _module.args.pkgs = if opt.pkgs.isDefined then cfg.pkgs.appendOverlays cfg.overlays else fromPlatform;
    assertions = [
      {
        assertion = opt.pkgs.isDefined -> cfg.config == { };
        message = "nixpkgs.config has no effect once nixpkgs.pkgs is set; configure that package set itself.";
      }
    ];
  };
}
