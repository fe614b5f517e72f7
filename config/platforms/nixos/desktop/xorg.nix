# The X session of machines that somebody sits at.
{ config, lib, local, ... }:
{
  services.xserver = local.helpers.conditional.whenRole config "workstation" {
    enable = true;
    xkb = {
      layout = lib.mkDefault "us";
      variant = lib.mkDefault "altgr-intl";
      options = "caps:escape";
    };
    windowManager.i3.enable = true;
  };
}
