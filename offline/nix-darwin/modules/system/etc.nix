# environment.etc: the files under /etc, as one derivation of links.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  enabled = lib.filter (entry: entry.enable) (lib.attrValues config.environment.etc);
in
{
  options.environment.etc = mkOption {
    default = { };
    description = "Files to link to under /etc, by their path there.";
    type = types.attrsOf (
      types.submodule (
        { name, config, options, ... }:
        {
          options = {
            enable = mkOption { type = types.bool; default = true; description = "Whether the file is there at all."; };
            target = mkOption { type = types.str; default = name; description = "Path below /etc."; };
            text = mkOption { type = types.nullOr types.lines; default = null; description = "Text of the file."; };
            source = mkOption { type = types.path; description = "File to link to."; };
          };
          config.source = lib.mkIf (config.text != null) (
            lib.mkDerivedConfig options.text (pkgs.writeText ("etc-" + baseNameOf name))
          );
        }
      )
    );
  };

  config = {
    system.build.etc = pkgs.runCommand "etc" { } (
      ''
        mkdir -p "$out/etc"
      ''
      + lib.concatMapStrings (entry: ''
        target=$out/etc/${lib.escapeShellArg entry.target}
        mkdir -p "''${target%/*}"
        ln -s ${lib.escapeShellArg "${entry.source}"} "$target"
      '') enabled
    );
    system.activationScripts.etc.text = ''
      echo "setting up /etc..." >&2
      ln -sfn "$systemConfig/etc" /etc/static
      for file in $(cd /etc/static && find -L . -type f); do
        mkdir -p "/etc/''${file%/*}"
        ln -sfn "/etc/static/$file" "/etc/$file"
      done
    '';
  };
}
