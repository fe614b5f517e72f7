# xdg.*: the base directories and the files in them.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.xdg;
  home = config.home.homeDirectory;
  fileType = import ./file-type.nix { inherit lib pkgs; root = home; };
  directory = default: description: mkOption { type = types.path; default = "${home}/${default}"; apply = toString; inherit description; };
  files = path: mkOption { type = fileType "${lib.removePrefix "${home}/" path}/"; default = { }; description = "Files below ${path}."; };
  asHomeFiles = entries: lib.mapAttrs' (_: file: lib.nameValuePair file.target { inherit (file) enable source executable onChange; }) entries;
in
{
  options.xdg = {
    enable = lib.mkEnableOption "the variables of the base directories";
    configHome = directory ".config" "Configuration.";
    dataHome = directory ".local/share" "Data.";
    cacheHome = directory ".cache" "Cache.";
    stateHome = directory ".local/state" "State.";
    configFile = files cfg.configHome;
    dataFile = files cfg.dataHome;
  };
  config = {
    home.file = lib.mkMerge [ (asHomeFiles cfg.configFile) (asHomeFiles cfg.dataFile) ];
    home.sessionVariables = lib.mkIf cfg.enable {
      XDG_CONFIG_HOME = cfg.configHome;
      XDG_DATA_HOME = cfg.dataHome;
      XDG_CACHE_HOME = cfg.cacheHome;
      XDG_STATE_HOME = cfg.stateHome;
    };
  };
}
