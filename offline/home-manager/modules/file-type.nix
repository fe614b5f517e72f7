# The type of a set of files below a folder of the home; `prefix` is that folder.
{ lib, pkgs, root }:
let
  inherit (lib) mkOption types;
in
prefix:
types.attrsOf (
  types.submodule (
    { name, config, options, ... }:
    {
      options = {
        enable = mkOption { type = types.bool; default = true; description = "Whether the file is there at all."; };
        target = mkOption {
          type = types.str;
          default = name;
          apply = path: lib.removePrefix "${root}/" (if lib.hasPrefix "/" path then path else prefix + path);
          description = "Path below the home folder.";
        };
        text = mkOption { type = types.nullOr types.lines; default = null; description = "Text of the file."; };
        source = mkOption { type = types.path; description = "File to link to."; };
        executable = mkOption { type = types.nullOr types.bool; default = null; description = "Whether it can be run; null leaves it as it is."; };
        onChange = mkOption { type = types.lines; default = ""; description = "What to run when it changed."; };
      };
      config.source = lib.mkIf (config.text != null) (
        lib.mkDerivedConfig options.text (text: pkgs.writeTextFile {
          name = "hm_" + lib.replaceStrings [ "/" "@" " " ] [ "" "" "" ] (lib.removePrefix "." name);
          inherit text;
          executable = config.executable == true;
        })
      );
    }
  )
)
