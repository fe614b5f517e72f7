# home.file: files in the home folder, as one derivation of links.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  enabled = lib.filter (file: file.enable) (lib.attrValues config.home.file);
  targets = map (file: file.target) enabled;
  duplicates = lib.filter (target: lib.count (other: other == target) targets > 1) (lib.unique targets);

  fileType = import ./file-type.nix {
    inherit lib pkgs;
    root = config.home.homeDirectory;
  };
in
{
  options.home.file = mkOption {
    type = fileType "";
    default = { };
    description = "Files, by their path below the home folder.";
  };
  options.home-files = mkOption {
    type = types.package;
    internal = true;
    description = "All files.";
  };

  config = {
    assertions = [
      {
        assertion = duplicates == [ ];
        message = "home.file has several entries for the same target: ${lib.concatStringsSep ", " duplicates}";
      }
    ];
    home-files = pkgs.runCommand "home-manager-files" { } (
      ''
        mkdir -p "$out"
        put() {
          target=$out/$2
          mkdir -p "''${target%/*}"
          case $3 in
            keep) ln -s "$1" "$target" ;;
            # A link cannot change its file's mode, so a wanted mode means a copy.
            yes) cp -L "$1" "$target" && chmod +x "$target" ;;
            no) cp -L "$1" "$target" && chmod -x "$target" ;;
          esac
        }
      ''
      + lib.concatMapStrings (
        file:
        "put ${
          lib.escapeShellArgs [
            "${file.source}"
            file.target
            (if file.executable == null then "keep" else if file.executable then "yes" else "no")
          ]
        }\n"
      ) enabled
    );
    home.activation.linkGeneration = lib.hm.dag.entryAfter [ "writeBoundary" ] (
      ''
        (cd ${config.home-files} && find . ! -type d) | while read -r file; do
          mkdir -p "$HOME/''${file%/*}"
          [ -z "''${HOME_MANAGER_BACKUP_EXT:-}" ] || [ ! -e "$HOME/$file" ] || [ -L "$HOME/$file" ] || mv "$HOME/$file" "$HOME/$file.$HOME_MANAGER_BACKUP_EXT"
          ln -sf "${config.home-files}/$file" "$HOME/$file"
        done
      ''
      + lib.concatMapStrings (file: lib.optionalString (file.onChange != "") file.onChange) enabled
    );
  };
}
