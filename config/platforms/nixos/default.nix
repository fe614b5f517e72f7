# What only a NixOS machine has.
{
  imports = [
    ./desktop/display-manager.nix
    ./desktop/wayland.nix
    ./desktop/xorg.nix
    ./services/networking.nix
    ./services/security.nix
    ./services/system.nix
    ./system/boot.nix
    ./system/filesystems.nix
    ./system/hardware.nix
    ./system/kernel.nix
  ];
}
