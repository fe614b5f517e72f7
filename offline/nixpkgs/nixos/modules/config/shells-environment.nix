# environment.*: variables, aliases and the snippets that every shell runs.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.environment;

  scalar = types.oneOf [ types.int types.str types.path ];
  # A variable may be given as a list, which is joined like a search path.
  variables = types.attrsOf (types.either (types.listOf scalar) scalar);
  joined = lib.mapAttrs (_: value: if lib.isList value then lib.concatMapStringsSep ":" toString value else toString value);

  lines =
    description:
    mkOption {
      type = types.lines;
      default = "";
      inherit description;
    };
in
{
  options.environment = {
    variables = mkOption {
      type = variables;
      default = { };
      apply = joined;
      description = "Variables of every shell.";
    };
    sessionVariables = mkOption {
      type = variables;
      default = { };
      apply = joined;
      description = "Variables of every session, set by PAM.";
    };
    shellAliases = mkOption {
      type = types.attrsOf (types.nullOr (types.either types.str types.path));
      default = { };
      description = "Aliases of every shell; null takes one away.";
    };
    shells = mkOption {
      type = types.listOf (types.either types.shellPackage types.path);
      default = [ ];
      description = "Shells that may be login shells.";
    };
    binsh = mkOption {
      type = types.path;
      default = "${config.environment.shellPackage}/bin/sh";
      description = "The /bin/sh.";
    };
    shellPackage = mkOption {
      type = types.package;
      default = pkgs.bash;
      internal = true;
      description = "Package of /bin/sh.";
    };
    localBinInPath = mkOption {
      type = types.bool;
      default = false;
      description = "Whether ~/.local/bin is on PATH.";
    };
    extraInit = lines "Shell code run by every login environment.";
    shellInit = lines "Code that every shell runs.";
    loginShellInit = lines "Code that login shells run.";
    interactiveShellInit = lines "Code that interactive shells run.";
  };

  config = {
    environment.variables = lib.mkMerge [
      (lib.mapAttrs (_: lib.mkDefault) cfg.sessionVariables)
      { EDITOR = lib.mkOverride 1100 "nano"; PAGER = lib.mkOverride 1100 "less"; }
    ];
    environment.shellAliases = lib.mapAttrs (_: lib.mkDefault) {
      ls = "ls --color=tty";
      ll = "ls -l";
      l = "ls -alh";
    };
    environment.shells = [ "/run/current-system/sw/bin/bash" "/run/current-system/sw/bin/sh" "${pkgs.bashInteractive}/bin/bash" "${pkgs.bashInteractive}/bin/sh" ];
    environment.etc = {
      set-environment.text = ''
        export PATH="${lib.optionalString cfg.localBinInPath "$HOME/.local/bin:"}/run/wrappers/bin:/etc/profiles/per-user/$USER/bin:/run/current-system/sw/bin"
      ''
      + lib.concatStrings (lib.mapAttrsToList (name: value: "export ${name}=${builtins.toJSON value}\n") cfg.variables)
      + cfg.extraInit;
      pam-environment.text = lib.concatStrings (
        lib.mapAttrsToList (name: value: "${name} DEFAULT=${builtins.toJSON value}\n") cfg.sessionVariables
      );
      shells.text = lib.concatMapStrings (
        shell: "${if types.shellPackage.check shell then "/run/current-system/sw${shell.shellPath}" else shell}\n"
      ) (lib.unique cfg.shells);
    };
    system.activationScripts.binsh = ''
      ln -sfn "${cfg.binsh}" /bin/sh
    '';
  };
}
