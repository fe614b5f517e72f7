# The PC that NixOS is going to run on.
{ lib, ... }:
{
  imports = [
    ./filesystems.nix
    ../common/owner.nix
    ../../profiles/base/nixos.nix
    ../../profiles/role/workstation.nix
  ];
  machine = {
    name = "future-nixos-pc";
    services.databases.enable = true;
    services.monitoring.enable = true;
  };
  nixpkgs.hostPlatform = "x86_64-linux";
  # Nothing is paired with the PC at its desk.
  hardware.bluetooth.powerOnBoot = lib.mkForce false;
}
