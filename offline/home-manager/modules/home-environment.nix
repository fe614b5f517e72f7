# home.*: who it is, packages, variables, and the derivation that activates the home.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.home;
  scalar = types.oneOf [ types.str types.path types.int types.float types.bool ];
  text = value: if lib.isBool value then (if value then "1" else "") else toString value;
  exports = lib.concatStrings (lib.mapAttrsToList (name: value: "export ${name}=${builtins.toJSON (text value)}\n") cfg.sessionVariables);
  sorted = lib.hm.dag.topoSort cfg.activation;
in
{
  options.home = {
    username = mkOption { type = types.str; description = "Name of the account."; };
    uid = mkOption { type = types.nullOr types.ints.unsigned; default = null; description = "Number of the account."; };
    homeDirectory = mkOption { type = types.path; apply = toString; description = "Home folder."; };
    profileDirectory = mkOption {
      type = types.path;
      readOnly = true;
      default =
        if config.submoduleSupport.enable && config.submoduleSupport.externalPackageInstall then
          "/etc/profiles/per-user/${cfg.username}"
        else
          "${cfg.homeDirectory}/.nix-profile";
      description = "Where its packages are.";
    };
    stateVersion = mkOption {
      type = types.strMatching "[0-9]{2}\\.(05|11)";
      description = "Release whose defaults for stateful data this home keeps.";
    };
    packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages of this account."; };
    extraOutputsToInstall = mkOption { type = types.listOf types.str; default = [ ]; description = "Outputs besides the default one."; };
    path = mkOption { type = types.package; internal = true; description = "The packages, joined."; };
    shellAliases = mkOption { type = types.attrsOf types.str; default = { }; description = "Aliases of every shell."; };
    sessionVariables = mkOption { type = types.lazyAttrsOf scalar; default = { }; description = "Variables of every session."; };
    sessionPath = mkOption { type = types.listOf types.str; default = [ ]; description = "Folders to put on PATH."; };
    sessionVariablesPackage = mkOption { type = types.package; internal = true; description = "The file of variables."; };
    activation = mkOption { type = lib.hm.types.dagOf types.str; default = { }; description = "Steps of the activation."; };
    activationPackage = mkOption { type = types.package; internal = true; description = "The whole home."; };
    enableNixpkgsReleaseCheck = mkOption { type = types.bool; default = true; description = "Whether to warn of packages from another release."; };
  };

  config = {
    warnings = lib.optional (cfg.enableNixpkgsReleaseCheck && pkgs.lib.trivial.release != lib.trivial.release)
      "home-manager's modules are evaluated with release ${lib.trivial.release}, its packages come from ${pkgs.lib.trivial.release}.";
    home = {
      packages = [ cfg.sessionVariablesPackage ];
      path = pkgs.buildEnv {
        name = "home-manager-path";
        paths = cfg.packages;
      };
      sessionVariablesPackage = pkgs.writeTextFile {
        name = "hm-session-vars.sh";
        destination = "/etc/profile.d/hm-session-vars.sh";
        text = ''
          [ -z "$__HM_SESS_VARS_SOURCED" ] || return
          export __HM_SESS_VARS_SOURCED=1
        ''
        + exports
        + lib.optionalString (cfg.sessionPath != [ ]) "export PATH=\"${lib.concatStringsSep ":" cfg.sessionPath}:$PATH\"\n";
      };
      activation = {
        # What only checks comes before this step, what writes comes after.
        writeBoundary = lib.hm.dag.entryAnywhere "";
        installPackages = lib.hm.dag.entryAfter [ "writeBoundary" ] (
          lib.optionalString (!config.submoduleSupport.externalPackageInstall) ''
            nix profile install ${cfg.path}
          ''
        );
      };
      activationPackage = pkgs.runCommand "home-manager-generation" {
        activation = ''
          #!${pkgs.runtimeShell}
          set -eu
          if [ "$USER" != ${lib.escapeShellArg cfg.username} ] || [ "$HOME" != ${lib.escapeShellArg cfg.homeDirectory} ]; then
            echo "this home belongs to ${cfg.username} in ${cfg.homeDirectory}" >&2
            exit 1
          fi
        ''
        + lib.concatMapStrings (step: ''
          echo "Activating ${step.name}"
          ${step.data}
        '') (sorted.result or (throw "home.activation has steps that wait for each other in a circle."));
        passAsFile = [ "activation" ];
      } ''
        mkdir -p "$out"
        cp "$activationPath" "$out/activate"
        chmod +x "$out/activate"
        ln -s ${config.home-files} "$out/home-files"
        ln -s ${cfg.path} "$out/home-path"
        printf %s ${cfg.stateVersion} > "$out/state-version"
      '';
    };
  };
}
