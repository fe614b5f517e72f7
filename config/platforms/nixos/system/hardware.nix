# Devices of machines that somebody sits at.
{ config, lib, local, ... }:
{
  hardware = local.helpers.conditional.whenRole config "workstation" {
    graphics.enable = true;
    bluetooth = {
      enable = lib.mkDefault true;
      powerOnBoot = lib.mkDefault true;
    };
  };
}
