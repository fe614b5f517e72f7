# programs.kitty: the terminal.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs.kitty;
  text = value: if lib.isBool value then (if value then "yes" else "no") else toString value;
  pairs = keyword: attrs: lib.concatStrings (lib.mapAttrsToList (name: value: "${keyword}${name} ${text value}\n") attrs);
in
{
  options.programs.kitty = {
    enable = lib.mkEnableOption "kitty";
    package = mkOption { type = types.nullOr types.package; default = pkgs.kitty; description = "The kitty."; };
    settings = mkOption { type = types.attrsOf (types.oneOf [ types.str types.bool types.int types.float ]); default = { }; description = "Settings of kitty.conf."; };
    keybindings = mkOption { type = types.attrsOf types.str; default = { }; description = "Keys and what they do."; };
    themeFile = mkOption { type = types.nullOr types.str; default = null; description = "Name of a theme."; };
    extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of kitty.conf."; };
    font = mkOption {
      default = null;
      description = "The font.";
      type = types.nullOr (types.submodule {
        options = {
          name = mkOption { type = types.str; description = "Family."; };
          package = mkOption { type = types.nullOr types.package; default = null; description = "Package that has it."; };
          size = mkOption { type = types.nullOr types.number; default = null; description = "Size."; };
        };
      });
    };
  };
  config = lib.mkIf cfg.enable {
    home.packages = lib.optional (cfg.package != null) cfg.package ++ lib.optional (cfg.font != null && cfg.font.package != null) cfg.font.package;
    xdg.configFile."kitty/kitty.conf".text =
      lib.optionalString (cfg.font != null) ("font_family ${cfg.font.name}\n" + lib.optionalString (cfg.font.size != null) "font_size ${toString cfg.font.size}\n")
      + lib.optionalString (cfg.themeFile != null) "include themes/${cfg.themeFile}.conf\n"
      + pairs "" cfg.settings
      + pairs "map " cfg.keybindings
      + cfg.extraConfig;
  };
}
