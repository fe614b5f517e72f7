# The machine's name, and the tailnet that both machines are on.
{ config, lib, ... }:
{
  networking.hostName = config.machine.name;
  services.tailscale.enable = lib.mkDefault true;
}
