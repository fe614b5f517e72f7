# A machine that somebody sits at.
{ lib, local, platform, ... }:
{
  imports = [
    ../user/development.nix
    ../user/productivity.nix
    ../user/security.nix
  ];
  config = local.platform.compatibility.settings platform {
    common.machine.roles = [ "workstation" ];
    nixos = {
      security.rtkit.enable = true;
      services.pipewire = {
        enable = true;
        alsa.enable = true;
        pulse.enable = true;
      };
      services.printing.enable = lib.mkDefault true;
    };
  };
}
