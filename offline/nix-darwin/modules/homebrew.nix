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
    extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of the Brewfile."; };
    brewfile = mkOption { type = types.str; internal = true; description = "The Brewfile."; };
  };

  config = {
    homebrew.brewfile =
      section "Taps" (lineOf cfg.taps)
      + section "Brews" (lineOf cfg.brews)
      + section "Casks" (lineOf cfg.casks)
      + section "Mac App Store apps" (lib.mapAttrsToList (name: id: "mas ${ruby name}, id: ${toString id}") cfg.masApps)
      + cfg.extraConfig;
    # mas itself comes from Homebrew too.
    homebrew.brews = lib.optional (cfg.masApps != { }) "mas";

    system.requiresPrimaryUser = lib.optional (cfg.enable && options.homebrew.user.highestPrio == (lib.mkOptionDefault { }).priority) "homebrew.enable";
    environment.variables = lib.mkIf cfg.enable {
      HOMEBREW_NO_AUTO_UPDATE = lib.mkIf (!cfg.global.autoUpdate) "1";
      HOMEBREW_BUNDLE_FILE_GLOBAL = lib.mkIf cfg.global.brewfile "${pkgs.writeText "Brewfile" cfg.brewfile}";
    };
    system.activationScripts.homebrew.text = lib.optionalString cfg.enable ''
      echo "Homebrew bundle..." >&2
      sudo --user=${lib.escapeShellArg cfg.user} --set-home env PATH="${cfg.prefix}/bin:$PATH" \
        ${lib.optionalString (!cfg.onActivation.autoUpdate) "HOMEBREW_NO_AUTO_UPDATE=1"} \
        brew bundle --file=${pkgs.writeText "Brewfile" cfg.brewfile} ${
          toString (
            lib.optional (!cfg.onActivation.upgrade) "--no-upgrade"
            ++ lib.optional (cfg.onActivation.cleanup == "uninstall") "--cleanup"
            ++ lib.optional (cfg.onActivation.cleanup == "zap") "--cleanup --zap"
            ++ cfg.onActivation.extraFlags
          )
        }
    '';
    system.activationScripts.checks.text = lib.optionalString (cfg.enable && cfg.onActivation.cleanup == "check") ''
      sudo --user=${lib.escapeShellArg cfg.user} --set-home "${cfg.prefix}/bin/brew" bundle cleanup --file=${pkgs.writeText "Brewfile" cfg.brewfile}
    '';
  };
}
