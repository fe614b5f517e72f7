# environment.*: packages, variables, aliases and the snippets that every shell runs.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.environment;
  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
  strings = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
in
{
  options.environment = {
    systemPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages for everybody."; };
    systemPath = mkOption {
      type = types.listOf (types.either types.path types.str);
      apply = paths: if lib.isList paths then lib.concatMapStringsSep ":" (p: if lib.isDerivation p then "${p}/bin" else toString p) paths else paths;
      description = "Folders on PATH.";
    };
    profiles = strings "Profiles that sessions use.";
    pathsToLink = strings "Folders of packages to link.";
    variables = mkOption {
      type = types.attrsOf (types.either types.str (types.listOf types.str));
      default = { };
      apply = lib.mapAttrs (_: value: if lib.isList value then lib.concatStringsSep ":" value else value);
      description = "Variables of every shell.";
    };
    shellAliases = mkOption { type = types.attrsOf types.str; default = { }; description = "Aliases of every shell."; };
    shells = mkOption {
      type = types.listOf (types.either types.shellPackage types.path);
      default = [ ];
      apply = map (shell: if types.shellPackage.check shell then "/run/current-system/sw${shell.shellPath}" else shell);
      description = "Shells that may be login shells.";
    };
    extraInit = lines "Shell code run by every environment.";
    shellInit = lines "Code that every shell runs.";
    loginShellInit = lines "Code that login shells run.";
    interactiveShellInit = lines "Code that interactive shells run.";
    extraSetup = lines "Commands after the packages are joined.";
  };

  config = {
    environment.systemPath = lib.mkMerge [
      (map (profile: "${profile}/bin") cfg.profiles)
      (lib.mkOrder 1200 [ "/usr/local/bin" "/usr/bin" "/bin" "/usr/sbin" "/sbin" ])
    ];
    environment.profiles = lib.mkMerge [
      (lib.mkOrder 800 [ "$HOME/.nix-profile" ])
      [ "/run/current-system/sw" "/nix/var/nix/profiles/default" ]
    ];
    environment.pathsToLink = [ "/bin" "/share/fonts" "/share/man" "/share/nix-direnv" ];
    environment.variables = {
      EDITOR = lib.mkDefault "nano";
      PAGER = lib.mkDefault "less -R";
    };
    environment.etc.shells.text = lib.concatMapStrings (shell: "${shell}\n") (
      # macOS's own, and those of this configuration.
      [ "/bin/bash" "/bin/csh" "/bin/dash" "/bin/ksh" "/bin/sh" "/bin/tcsh" "/bin/zsh" ] ++ cfg.shells
    );
    system.path = pkgs.buildEnv {
      name = "system-path";
      paths = cfg.systemPackages;
      inherit (cfg) pathsToLink;
      postBuild = cfg.extraSetup;
    };
    system.build.setEnvironment = pkgs.writeText "set-environment" ''
      export PATH=${cfg.systemPath}
      ${lib.concatStrings (lib.mapAttrsToList (name: value: "export ${name}=${builtins.toJSON value}\n") cfg.variables)}
      ${cfg.extraInit}
    '';
  };
}
