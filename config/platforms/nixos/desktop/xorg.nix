# The X session.
{ lib, ... }:
{
  services.xserver = {
    enable = true;
    xkb = {
      layout = lib.mkDefault "us";
      variant = lib.mkDefault "altgr-intl";
      options = "caps:escape";
    };
    windowManager.i3.enable = true;
  };
}
