# Who speaks to the network: NetworkManager where somebody carries the machine about or sits at it.
{ config, local, ... }:
{
  networking.networkmanager.enable = true;
  networking.useDHCP = local.helpers.conditional.unlessRole config [ "server" ] false;
}
