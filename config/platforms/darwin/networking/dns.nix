# Resolvers, which macOS keeps per network service.
{
  networking.knownNetworkServices = [ "Wi-Fi" ];
  networking.dns = [
    "9.9.9.9"
    "149.112.112.112"
  ];
}
