# fonts.packages: fonts for /Library/Fonts.
{ config, lib, pkgs, ... }:
{
  options.fonts.packages = lib.mkOption {
    type = lib.types.listOf lib.types.path;
    default = [ ];
    description = "Font packages.";
  };
  config = {
    system.build.fonts = pkgs.runCommand "fonts" { } (
      ''
        mkdir -p "$out/Library/Fonts"
      ''
      + lib.concatMapStrings (package: ''
        find -L ${package}/share/fonts -type f -exec ln -sf {} "$out/Library/Fonts/" ';'
      '') config.fonts.packages
    );
    system.activationScripts.fonts.text = ''
      rsync --archive --copy-links --delete "$systemConfig/Library/Fonts/" "/Library/Fonts/Nix Fonts"
    '';
  };
}
