# How hard builds may work the machine, and how patient downloads are.
{ lib, ... }:
{
  nix.settings = {
    max-jobs = lib.mkDefault "auto";
    cores = lib.mkDefault 0;
    http-connections = 50;
    connect-timeout = 5;
    # A cache that does not answer is no reason to stop.
    fallback = true;
    # Keep what development shells need, or the collector takes it away overnight.
    keep-outputs = true;
    keep-derivations = true;
    min-free = 1073741824;
  };
}
