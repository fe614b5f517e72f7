# The network services that macOS keeps resolvers for.
{
  networking.knownNetworkServices = [
    "Wi-Fi"
    "Thunderbolt Bridge"
  ];
  networking.wakeOnLan.enable = false;
}
