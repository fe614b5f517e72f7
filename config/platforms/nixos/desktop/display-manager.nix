# The login screen.
{ config, lib, ... }:
{
  services.displayManager = {
    sddm.enable = lib.mkDefault true;
    defaultSession = lib.mkIf config.services.xserver.windowManager.i3.enable (lib.mkDefault "none+i3");
  };
}
