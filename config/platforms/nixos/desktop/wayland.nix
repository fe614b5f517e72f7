# Wayland, not before machine.desktop.wayland asks for it.
{ config, lib, ... }:
{
  options.machine.desktop.wayland.enable = lib.mkEnableOption "a Wayland session beside the X one";

  config = lib.mkIf config.machine.desktop.wayland.enable {
    programs.sway.enable = true;
    services.displayManager.sddm.wayland.enable = true;
  };
}
