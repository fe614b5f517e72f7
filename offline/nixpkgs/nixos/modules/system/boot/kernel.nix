# The kernel, its parameters, its modules and sysctl.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot;
  scalar = types.nullOr (types.oneOf [ types.bool types.str types.int ]);
in
{
  options.boot = {
    kernelPackages = mkOption {
      type = types.raw;
      default = pkgs.linuxPackages;
      description = "Kernel and the packages built against it.";
    };
    kernelParams = mkOption {
      type = types.listOf (types.strMatching ''([^"[:space:]]|"[^"]*")+'');
      default = [ ];
      description = "Parameters on the kernel's command line.";
    };
    kernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Modules to load in the second stage of the boot.";
    };
    extraModprobeConfig = mkOption {
      type = types.lines;
      default = "";
      description = "Lines for modprobe's configuration.";
    };
    blacklistedKernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Modules never to load by themselves.";
    };
    consoleLogLevel = mkOption {
      type = types.int;
      default = 4;
      description = "Kernel messages below this level reach the console.";
    };
    kernel.sysctl = mkOption {
      type = types.submodule { freeformType = types.attrsOf scalar; };
      default = { };
      description = "Kernel parameters to set at run time.";
    };
    tmp = {
      cleanOnBoot = lib.mkEnableOption "emptying /tmp at boot";
      useTmpfs = lib.mkEnableOption "a tmpfs on /tmp";
      tmpfsSize = mkOption {
        type = types.oneOf [ types.str types.ints.positive ];
        default = "50%";
        description = "Size of the tmpfs.";
      };
    };
  };

  config = {
    boot.kernelParams = [ "loglevel=${toString cfg.consoleLogLevel}" ];
    boot.kernelModules = [ "loop" "atkbd" ];
    environment.etc = {
      "modules-load.d/nixos.conf".text = lib.concatLines cfg.kernelModules;
      "modprobe.d/nixos.conf".text =
        lib.concatMapStrings (name: "blacklist ${name}\n") cfg.blacklistedKernelModules + cfg.extraModprobeConfig;
      "sysctl.d/60-nixos.conf".text = lib.concatStrings (
        lib.mapAttrsToList (
          name: value: lib.optionalString (value != null) "${name}=${if value == false then "0" else toString value}\n"
        ) cfg.kernel.sysctl
      );
    };
    systemd.tmpfiles.rules = lib.optional cfg.tmp.cleanOnBoot "D! /tmp 1777 root root";
    fileSystems."/tmp" = lib.mkIf cfg.tmp.useTmpfs {
      device = "tmpfs";
      fsType = "tmpfs";
      options = [ "mode=1777" "strictatime" "nosuid" "nodev" "size=${toString cfg.tmp.tmpfsSize}" ];
    };
  };
}
