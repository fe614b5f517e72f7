# environment.systemPackages, joined into the tree that is /run/current-system/sw.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.environment;

  # What no system can do without.
  required = with pkgs; [
    bash
    coreutils
    curl
    findutils
    gawk
    gnugrep
    gnused
    gnutar
    gzip
    less
    openssh
  ];
in
{
  options = {
    environment.systemPackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages for everybody.";
    };
    environment.defaultPackages = mkOption {
      type = types.listOf types.package;
      default = [ pkgs.nano pkgs.rsync ];
      description = "Packages for convenience, which may be emptied.";
    };
    environment.pathsToLink = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Folders of packages to link.";
    };
    environment.extraSetup = mkOption {
      type = types.lines;
      default = "";
      description = "Commands after the tree is joined.";
    };
    system.path = mkOption {
      type = types.package;
      internal = true;
      description = "The joined tree.";
    };
  };

  config = {
    environment.systemPackages = required ++ cfg.defaultPackages;
    environment.pathsToLink = [ "/bin" "/etc/xdg" "/share/applications" "/share/man" "/share/fonts" "/share/nix-direnv" ];
    system.path = pkgs.buildEnv {
      name = "system-path";
      paths = cfg.systemPackages;
      inherit (cfg) pathsToLink;
      postBuild = cfg.extraSetup;
    };
  };
}
