# Base of every NixOS machine.
{
  imports = [
    ./common.nix
    ../../platforms/nixos
  ];
  system.stateVersion = "25.11";
}
