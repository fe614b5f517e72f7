# The login screen of machines that somebody sits at.
{ config, lib, local, ... }:
{
  services.displayManager = local.helpers.conditional.whenRole config "workstation" {
    sddm.enable = lib.mkDefault true;
    defaultSession = lib.mkDefault "none+i3";
  };
}
