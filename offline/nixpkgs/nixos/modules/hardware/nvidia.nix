# hardware.nvidia: the driver of NVIDIA's GPUs, and GPUs for containers.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.hardware.nvidia;
  enabled = lib.elem "nvidia" config.services.xserver.videoDrivers;
in
{
  options.hardware = {
    nvidia = {
      modesetting.enable = lib.mkEnableOption "kernel modesetting";
      open = mkOption { type = types.nullOr types.bool; default = null; description = "Whether the open kernel modules are used."; };
    };
    nvidia-container-toolkit.enable = lib.mkEnableOption "GPUs for containers";
  };
  config = lib.mkMerge [
    (lib.mkIf enabled {
      boot.blacklistedKernelModules = [ "nouveau" ];
      boot.kernelModules = [ "nvidia" ] ++ lib.optional cfg.modesetting.enable "nvidia-drm";
      boot.extraModprobeConfig =
        lib.optionalString cfg.modesetting.enable "options nvidia-drm modeset=1\n"
        + lib.optionalString (cfg.open == true) "options nvidia NVreg_OpenRmEnableUnsupportedGpus=1\n";
      assertions = [
        {
          assertion = cfg.open != null;
          message = "hardware.nvidia.open says whether the open kernel modules are used, and must be set.";
        }
      ];
    })
    (lib.mkIf config.hardware.nvidia-container-toolkit.enable {
      systemd.services.nvidia-container-toolkit-cdi-generator = {
        description = "Container Device Interface of the GPUs";
        wantedBy = [ "multi-user.target" ];
        serviceConfig.ExecStart = "${pkgs.nvidia-container-toolkit}/bin/nvidia-ctk cdi generate";
      };
    })
  ];
}
