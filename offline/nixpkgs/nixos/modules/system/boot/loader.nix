# The boot loader: systemd-boot or GRUB, as the installer script would find them described.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.boot.loader;
  grub = cfg.grub;
in
{
  options.boot.loader = {
    timeout = mkOption {
      type = types.nullOr types.int;
      default = 5;
      description = "Seconds the menu waits.";
    };
    efi = {
      canTouchEfiVariables = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the installer may write EFI variables.";
      };
      efiSysMountPoint = mkOption {
        type = types.str;
        default = "/boot";
        description = "Where the EFI system partition is mounted.";
      };
    };
    systemd-boot = {
      enable = mkOption {
        type = types.bool;
        default = false;
        description = "Whether systemd-boot starts the system.";
      };
      configurationLimit = mkOption {
        type = types.nullOr types.int;
        default = null;
        description = "Generations to keep in the menu.";
      };
      editor = mkOption {
        type = types.bool;
        default = true;
        description = "Whether the kernel's command line can be edited in the menu.";
      };
    };
    grub = {
      enable = mkOption {
        type = types.bool;
        default = !config.boot.isContainer && !cfg.systemd-boot.enable;
        description = "Whether GRUB starts the system.";
      };
      device = mkOption {
        type = types.str;
        default = "";
        description = "Disk whose boot sector GRUB goes to, or nodev.";
      };
      devices = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "Several such disks.";
      };
      efiSupport = mkOption {
        type = types.bool;
        default = false;
        description = "Whether to install GRUB for EFI.";
      };
    };
  };
  options.boot.isContainer = mkOption {
    type = types.bool;
    default = false;
    description = "Whether the system runs in a container and needs no boot loader.";
  };

  config = {
    system.build.installBootLoader = pkgs.writeShellScript "install-boot-loader" (
      if cfg.systemd-boot.enable then
        ''
          echo "timeout ${if cfg.timeout == null then "menu-force" else toString cfg.timeout}"
          echo "editor ${if cfg.systemd-boot.editor then "1" else "0"}"
          echo "esp ${cfg.efi.efiSysMountPoint}"
          echo "variables ${lib.boolToString cfg.efi.canTouchEfiVariables}"
          ${lib.optionalString (cfg.systemd-boot.configurationLimit != null)
            ''echo "generations ${toString cfg.systemd-boot.configurationLimit}"''}
        ''
      else if grub.enable then
        ''
          echo "grub on ${toString (lib.unique ([ grub.device ] ++ grub.devices))} efi=${lib.boolToString grub.efiSupport} timeout=${toString cfg.timeout}"
        ''
      else
        ''
          echo "no boot loader"
        ''
    );
    system.extraSystemBuilderCmds = ''
      ln -s ${config.system.build.installBootLoader} "$out/install-boot-loader"
    '';
    assertions = [
      {
        assertion = grub.enable -> grub.device != "" || grub.devices != [ ];
        message = "GRUB is the boot loader, but boot.loader.grub.device names no disk to install it on.";
      }
      {
        assertion = !(grub.enable && cfg.systemd-boot.enable);
        message = "boot.loader.grub and boot.loader.systemd-boot cannot both be enabled.";
      }
    ];
  };
}
