# The PC that NixOS is going to run on.
{ lib, ... }:
{
  imports = [
    ../common/builders.nix
    ../common/owner.nix
    ../../profiles/base/nixos.nix
    ../../profiles/role/observability.nix
    ../../profiles/role/performance.nix
    ../../profiles/role/workstation.nix
  ];
  machine.name = "future-nixos-pc";
  machine.services.databases.enable = true;
  # Nothing is paired with the PC at its desk.
  hardware.bluetooth.powerOnBoot = lib.mkForce false;
}
