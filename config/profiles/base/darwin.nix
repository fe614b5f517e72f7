# Base of every Mac.
{
  imports = [
    ./common.nix
    ../../platforms/darwin
  ];
  system.stateVersion = 6;
}
