# How hard builds may work the machine.
{ lib, ... }:
{
  nix.settings = {
    max-jobs = lib.mkDefault "auto";
    cores = lib.mkDefault 0;
    http-connections = 50;
    # Keep what development shells need, or the collector takes it away overnight.
    keep-outputs = true;
    keep-derivations = true;
  };
}
