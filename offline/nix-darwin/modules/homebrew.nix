# homebrew.*: what Homebrew installs, as a Brewfile that `brew bundle` applies at activation.
{ config, options, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.homebrew;

  flag = default: description: mkOption { type = types.bool; inherit default description; };
  nullOr = type: description: mkOption { type = types.nullOr type; default = null; inherit description; };

  ruby =
    value:
    if lib.isList value then "[${lib.concatMapStringsSep ", " ruby value}]"
    else if lib.isAttrs value then "{ ${lib.concatStringsSep ", " (lib.mapAttrsToList (n: v: "${n}: ${ruby v}") value)} }"
    else builtins.toJSON value;
  line =
    keyword: entry:
    let
      given = lib.filterAttrs (_: v: v != null) (removeAttrs entry [ "name" "brewfileLine" "_module" ]);
    in
    "${keyword} ${ruby entry.name}"
    + lib.concatStrings (lib.mapAttrsToList (n: v: ", ${n}: ${if v == "changed" then ":changed" else ruby v}") given);

  # An entry is a name, or a name with options.
  entries =
    keyword: about: extra:
    mkOption {
      default = [ ];
      description = about;
      type = types.listOf (
        types.coercedTo types.str (name: { inherit name; }) (
          types.submodule ({ config, ... }: {
            options = extra // {
              name = mkOption { type = types.str; description = "Name of the entry."; };
              brewfileLine = mkOption { type = types.nullOr types.str; internal = true; description = "Its line of the Brewfile."; };
            };
            config.brewfileLine = line keyword config;
          })
        )
      );
    };

  section = title: list: lib.optionalString (list != [ ]) "# ${title}\n${lib.concatMapStrings (l: l + "\n") (lib.unique list)}\n";
  lineOf = map (entry: entry.brewfileLine);
  names = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };

  brewfile = pkgs.writeText "Brewfile" cfg.brewfile;
  # As the user whose Homebrew is, with `mas` for apps of the App Store.
  bundle =
    variables: arguments:
    lib.concatStringsSep " " (
      [
        ''PATH="${cfg.prefix}/bin:${lib.makeBinPath [ pkgs.mas ]}:$PATH"''
        "sudo"
        "--preserve-env=PATH"
        "--user=${lib.escapeShellArg cfg.user}"
        "--set-home"
        "env"
      ]
      ++ variables
      ++ lib.mapAttrsToList (name: value: "${name}=${lib.escapeShellArg value}") cfg.onActivation.extraEnv
      ++ [ "brew bundle --file='${brewfile}'" ]
      ++ arguments
    );
in
{
  options.homebrew = {
    enable = lib.mkEnableOption "managing Homebrew packages";
    user = mkOption { type = types.str; default = config.system.primaryUser; description = "Account that owns Homebrew."; };
    prefix = mkOption {
      type = types.str;
      default = if pkgs.stdenv.hostPlatform.isAarch64 then "/opt/homebrew" else "/usr/local";
      description = "Where Homebrew is.";
    };
    onActivation = mkOption {
      default = { };
      description = "What a switch does with Homebrew.";
      type = types.submodule {
        options = {
          autoUpdate = flag false "Whether Homebrew updates itself.";
          upgrade = flag false "Whether outdated packages are upgraded.";
          cleanup = mkOption { type = types.enum [ "none" "check" "uninstall" "zap" ]; default = "none"; description = "What happens to packages that are not listed."; };
          extraEnv = mkOption { type = types.attrsOf types.str; default = { }; description = "More variables of brew bundle."; };
          extraFlags = mkOption { type = types.listOf types.str; default = [ ]; description = "More flags of brew bundle."; };
        };
      };
    };
    global = mkOption {
      default = { };
      description = "What Homebrew does when run by hand.";
      type = types.submodule {
        options = {
          autoUpdate = flag true "Whether it updates itself.";
          brewfile = flag false "Whether brew bundle uses the Brewfile of this configuration.";
        };
      };
    };
    taps = entries "tap" "Taps." {
      clone_target = nullOr types.str "Where to clone it from.";
      force_auto_update = nullOr types.bool "Whether it always updates.";
    };
    brews = entries "brew" "Formulae." {
      args = nullOr (types.listOf types.str) "Arguments of the installation.";
      conflicts_with = nullOr (types.listOf types.str) "Formulae to unlink before.";
      restart_service = nullOr (types.either types.bool (types.enum [ "changed" ])) "Whether its service is restarted.";
      start_service = nullOr types.bool "Whether its service is started.";
      link = nullOr types.bool "Whether it is linked.";
    };
    casks = entries "cask" "Casks." {
      args = nullOr types.attrs "Arguments of the installation.";
      greedy = nullOr types.bool "Whether it is upgraded though it updates itself.";
      postinstall = nullOr types.str "Command to run after an installation.";
    };
    masApps = mkOption { type = types.attrsOf types.ints.positive; default = { }; description = "App Store applications, by name and number."; };
    vscode = names "Extensions of Visual Studio Code.";
    goPackages = names "Packages of Go.";
    cargoPackages = names "Packages of Cargo.";
    extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of the Brewfile."; };
    brewfile = mkOption { type = types.str; internal = true; description = "The Brewfile."; };
  };

  config = {
    homebrew.brewfile =
      "# Created by `nix-darwin`'s `homebrew` module\n\n"
      + section "Taps" (lineOf cfg.taps)
      + section "Brews" (lineOf cfg.brews)
      + section "Casks" (lineOf cfg.casks)
      + section "Mac App Store apps" (lib.mapAttrsToList (name: id: "mas ${ruby name}, id: ${toString id}") cfg.masApps)
      + section "Visual Studio Code extensions" (map (name: "vscode ${ruby name}") cfg.vscode)
      + section "Go packages" (map (name: "go ${ruby name}") cfg.goPackages)
      + section "Cargo packages" (map (name: "cargo ${ruby name}") cfg.cargoPackages)
      + lib.optionalString (cfg.extraConfig != "") "# Extra config\n${cfg.extraConfig}";

    system.requiresPrimaryUser = lib.optional (cfg.enable && options.homebrew.user.highestPrio == (lib.mkOptionDefault { }).priority) "homebrew.enable";
    environment.variables = lib.mkIf cfg.enable {
      HOMEBREW_NO_AUTO_UPDATE = lib.mkIf (!cfg.global.autoUpdate) "1";
      HOMEBREW_BUNDLE_FILE_GLOBAL = lib.mkIf cfg.global.brewfile "${brewfile}";
    };
    # The lines of nix-darwin, in its order: nix-parity reads them in systems that run.
    system.activationScripts.homebrew.text = lib.optionalString cfg.enable ''
      # Homebrew Bundle
      echo >&2 "Homebrew bundle..."
      if [ -f "${cfg.prefix}/bin/brew" ]; then
        ${bundle (
          lib.optional (!cfg.onActivation.autoUpdate) "HOMEBREW_NO_AUTO_UPDATE=1"
        ) (
          lib.optional (!cfg.onActivation.upgrade) "--no-upgrade"
          ++ lib.optional (cfg.onActivation.cleanup == "uninstall") "--force-cleanup"
          ++ lib.optional (cfg.onActivation.cleanup == "zap") "--zap --force-cleanup"
          ++ cfg.onActivation.extraFlags
        )}
      else
        echo -e "\e[1;31merror: Homebrew is not installed, skipping...\e[0m" >&2
      fi
    '';
    system.activationScripts.checks.text = lib.optionalString (cfg.enable && cfg.onActivation.cleanup == "check") ''
      if [ -f "${cfg.prefix}/bin/brew" ]; then
        homebrewCleanupExitCode=0
        homebrewCleanupResult=$(${bundle [ "HOMEBREW_NO_AUTO_UPDATE=1" ] [ "cleanup 2>&1" ]}) || homebrewCleanupExitCode=$?
        if [ "$homebrewCleanupExitCode" -ne 0 ]; then
          printf >&2 '%s\n' "$homebrewCleanupResult"
          printf >&2 '  - Remove them by running: brew bundle cleanup --force\n'
          exit 2
        fi
      fi
    '';
  };
}
