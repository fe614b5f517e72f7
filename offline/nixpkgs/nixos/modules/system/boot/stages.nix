# The initial ram disk's description and the script that becomes `init`.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot.initrd;
in
{
  options.boot.initrd = {
    availableKernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Modules that the first stage may load.";
    };
    kernelModules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Modules that the first stage always loads.";
    };
    luks.devices = mkOption {
      default = { };
      description = "Encrypted devices to open before the root file system is mounted.";
      type = types.attrsOf (
        types.submodule {
          options = {
            device = mkOption {
              type = types.str;
              description = "The encrypted block device.";
            };
            allowDiscards = mkOption {
              type = types.bool;
              default = false;
              description = "Whether discards pass through.";
            };
          };
        }
      );
    };
  };

  config.system.build = {
    # What a real first stage would be made of, in place of a cpio archive.
    initialRamdisk = pkgs.writeTextDir "initrd.json" (
      builtins.toJSON {
        modules = cfg.kernelModules;
        available = cfg.availableKernelModules;
        luks = cfg.luks.devices;
        fileSystems = lib.mapAttrs (_: fs: { inherit (fs) device fsType options; }) (
          lib.filterAttrs (_: fs: lib.elem "x-initrd.mount" fs.options) config.fileSystems
        );
      }
    );
    bootStage2 = ''
      #!${pkgs.runtimeShell}
      systemConfig=@out@
      "$systemConfig/activate"
      exec "$systemConfig/systemd/bin/systemctl" default
    '';
  };
}
