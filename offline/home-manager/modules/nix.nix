# nix.settings: the account's own nix.conf.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;
  atom = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path types.package ]);
  text = value: if lib.isList value then toString value else if lib.isBool value then lib.boolToString value else toString value;
in
{
  options.nix = {
    enable = mkOption { type = types.bool; default = true; description = "Whether nix.conf is written."; };
    package = mkOption { type = types.nullOr types.package; default = null; description = "The Nix to use."; };
    settings = mkOption { type = types.attrsOf (types.either atom (types.listOf atom)); default = { }; description = "Settings of nix.conf."; };
  };
  config.xdg.configFile."nix/nix.conf" = lib.mkIf (cfg.enable && cfg.settings != { }) {
    text = lib.concatStrings (lib.mapAttrsToList (name: value: "${name} = ${text value}\n") cfg.settings);
  };
  config.home.packages = lib.optional (cfg.enable && cfg.package != null && !config.submoduleSupport.enable) cfg.package;
}
