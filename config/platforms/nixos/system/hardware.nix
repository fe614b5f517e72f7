# Devices.
{ lib, ... }:
{
  hardware.graphics.enable = true;
  hardware.bluetooth = {
    enable = lib.mkDefault true;
    powerOnBoot = lib.mkDefault true;
  };
}
