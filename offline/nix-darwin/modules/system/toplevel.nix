# system.build.toplevel: the whole system as one derivation, given only when all assertions hold.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system;
  failed = map (entry: entry.message) (lib.filter (entry: !entry.assertion) config.assertions);

  system = pkgs.stdenv.mkDerivation {
    name = "darwin-system-${cfg.darwinLabel}";
    activationScript = cfg.activationScripts.script.text;
    passAsFile = [ "activationScript" ];
    label = cfg.darwinLabel;
    hostSystem = pkgs.stdenv.hostPlatform.system;
    buildCommand = ''
      mkdir -p "$out/Library" "$out/user/Library"
      ln -s ${cfg.build.etc}/etc "$out/etc"
      ln -s ${cfg.path} "$out/sw"
      ln -s ${cfg.build.fonts}/Library/Fonts "$out/Library/Fonts"
      ln -s ${cfg.build.launchd}/Library/LaunchAgents "$out/Library/LaunchAgents"
      ln -s ${cfg.build.launchd}/Library/LaunchDaemons "$out/Library/LaunchDaemons"
      ln -s ${cfg.build.launchd}/user/Library/LaunchAgents "$out/user/Library/LaunchAgents"
      sed "s|@out@|$out|g" "$activationScriptPath" > "$out/activate"
      chmod +x "$out/activate"
      printf %s "$label" > "$out/darwin-version"
      printf %s "$hostSystem" > "$out/system"
      ${cfg.systemBuilderCommands}
    '';
  };
in
{
  options.system = {
    build = mkOption {
      type = types.lazyAttrsOf types.unspecified;
      default = { };
      description = "Derivations that modules offer.";
    };
    path = mkOption {
      type = types.package;
      internal = true;
      description = "All system packages, joined.";
    };
    systemBuilderCommands = mkOption {
      type = types.lines;
      default = "";
      internal = true;
      description = "More commands of the build of the toplevel.";
    };
  };

  config.system.build.toplevel =
    if failed != [ ] then
      throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
    else
      lib.showWarnings config.warnings system;
}
