# Who speaks to the network: NetworkManager, except where nobody is there to ask it for another
# network.
{ config, local, ... }:
{
  networking.networkmanager.enable = local.helpers.conditional.unlessRole config [ "server" ] true;
}
