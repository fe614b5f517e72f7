# environment.etc: the files under /etc, as one derivation of links.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  enabled = lib.filter (entry: entry.enable) (lib.attrValues config.environment.etc);
in
{
  options.environment.etc = mkOption {
    default = { };
    description = "Files to put under /etc, by their path there.";
    type = types.attrsOf (
      types.submodule (
        { name, config, options, ... }:
        {
          options = {
            enable = mkOption {
              type = types.bool;
              default = true;
              description = "Whether the file is there at all.";
            };
            target = mkOption {
              type = types.str;
              default = name;
              description = "Path below /etc.";
            };
            text = mkOption {
              type = types.nullOr types.lines;
              default = null;
              description = "Text of the file.";
            };
            source = mkOption {
              type = types.path;
              description = "File to link to.";
            };
            mode = mkOption {
              type = types.str;
              default = "symlink";
              description = "Mode of a copy, or symlink.";
            };
            user = mkOption {
              type = types.str;
              default = "root";
              description = "Owner of a copy.";
            };
            group = mkOption {
              type = types.str;
              default = "root";
              description = "Group of a copy.";
            };
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
        entry() {
          target=$out/etc/$2
          mkdir -p "''${target%/*}"
          ln -s "$1" "$target"
          # A file with a mode of its own is copied when the system is activated; these three files say how.
          if [ "$3" != symlink ]; then
            echo "$3" > "$target.mode"
            echo "$4" > "$target.uid"
            echo "$5" > "$target.gid"
          fi
        }
      ''
      + lib.concatMapStrings (
        entry:
        "entry ${
          lib.escapeShellArgs [
            "${entry.source}"
            entry.target
            entry.mode
            entry.user
            entry.group
          ]
        }\n"
      ) enabled
    );
    system.activationScripts.etc.deps = [ "users" ];
    system.activationScripts.etc.text = ''
      echo "setting up /etc..."
      for file in $(cd ${config.system.build.etc}/etc && find . -mindepth 1 -maxdepth 1); do
        ln -sfn "${config.system.build.etc}/etc/$file" "/etc/$file"
      done
    '';
  };
}
