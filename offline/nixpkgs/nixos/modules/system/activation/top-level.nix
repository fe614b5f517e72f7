# system.build.toplevel: the whole system as one derivation, given only when all assertions hold.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;

  failed = map (entry: entry.message) (lib.filter (entry: !entry.assertion) config.assertions);

  system = pkgs.stdenv.mkDerivation {
    name = "nixos-system-${config.system.name}-${config.system.nixos.label}";
    activationScript = config.system.activationScripts.script;
    bootStage2 = config.system.build.bootStage2;
    passAsFile = [
      "activationScript"
      "bootStage2"
    ];
    kernelParams = toString config.boot.kernelParams;
    label = config.system.nixos.label;
    hostSystem = pkgs.stdenv.hostPlatform.system;
    buildCommand = ''
      mkdir "$out"
      ln -s ${config.system.build.etc}/etc "$out/etc"
      ln -s ${config.system.path} "$out/sw"
      ln -s ${config.boot.kernelPackages.kernel} "$out/kernel"
      ln -s ${config.system.build.initialRamdisk} "$out/initrd"
      ln -s ${config.systemd.package} "$out/systemd"
      for file in activate:$activationScriptPath init:$bootStage2Path; do
        sed "s|@out@|$out|g" "''${file#*:}" > "$out/''${file%%:*}"
        chmod +x "$out/''${file%%:*}"
      done
      printf %s "$kernelParams" > "$out/kernel-params"
      printf %s "$label" > "$out/nixos-version"
      printf %s "$hostSystem" > "$out/system"
      mkdir "$out/bin"
      ln -s "$out/activate" "$out/bin/switch-to-configuration"
      ${config.system.extraSystemBuilderCmds}
    '';
  };
in
{
  options.system = {
    build = mkOption {
      type = types.submoduleWith {
        modules = [ { freeformType = types.lazyAttrsOf (types.uniq types.unspecified); } ];
      };
      default = { };
      description = "Derivations that modules offer.";
    };
    extraSystemBuilderCmds = mkOption {
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
