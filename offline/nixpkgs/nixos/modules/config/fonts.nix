# fonts.*: font packages and the defaults that fontconfig gives.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.fonts;
  families =
    name:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Families for ${name}.";
    };
in
{
  options.fonts = {
    packages = mkOption {
      type = types.listOf types.path;
      default = [ ];
      description = "Font packages.";
    };
    fontconfig.enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to write fontconfig's configuration.";
    };
    fontconfig.defaultFonts = {
      monospace = families "monospace";
      sansSerif = families "sans-serif";
      serif = families "serif";
      emoji = families "emoji";
    };
  };

  config.environment.etc."fonts/local.conf" = lib.mkIf cfg.fontconfig.enable {
    text =
      let
        alias = generic: names: lib.optionalString (names != [ ]) ''
          <alias binding="same"><family>${generic}</family><prefer>${
            lib.concatMapStrings (name: "<family>${name}</family>") names
          }</prefer></alias>
        '';
      in
      "<fontconfig>\n"
      + lib.concatMapStrings (package: "<dir>${package}/share/fonts</dir>\n") cfg.packages
      + alias "monospace" cfg.fontconfig.defaultFonts.monospace
      + alias "sans-serif" cfg.fontconfig.defaultFonts.sansSerif
      + alias "serif" cfg.fontconfig.defaultFonts.serif
      + alias "emoji" cfg.fontconfig.defaultFonts.emoji
      + "</fontconfig>\n";
  };
}
