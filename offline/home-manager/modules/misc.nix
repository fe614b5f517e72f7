# editorconfig and home.language: what editors agree on, and what programs speak.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.editorconfig;
  nullOr = description: mkOption { type = types.nullOr types.str; default = null; inherit description; };
  variables = {
    base = "LANG";
    ctype = "LC_CTYPE";
    numeric = "LC_NUMERIC";
    time = "LC_TIME";
    collate = "LC_COLLATE";
    monetary = "LC_MONETARY";
    messages = "LC_MESSAGES";
    paper = "LC_PAPER";
    measurement = "LC_MEASUREMENT";
  };
  language = config.home.language;
in
{
  options = {
    editorconfig = {
      enable = lib.mkEnableOption "EditorConfig";
      settings = mkOption { type = types.attrsOf (types.attrsOf types.anything); default = { }; description = "Sections of .editorconfig, by pattern."; };
    };
    home.language = mkOption {
      default = { };
      description = "Languages of programs.";
      type = types.submodule { options = lib.mapAttrs (_: variable: nullOr "Value of ${variable}.") variables; };
    };
  };
  config = {
    home.sessionVariables = lib.concatMapAttrs (
      name: variable: lib.optionalAttrs (language.${name} != null) { ${variable} = language.${name}; }
    ) variables;
    home.file.".editorconfig" = lib.mkIf (cfg.enable && cfg.settings != { }) {
      text = "root = true\n" + lib.generators.toINI { } cfg.settings;
    };
  };
}
