# NetworkManager, resolvers, and the firewall.
{
  networking = {
    networkmanager.enable = true;
    nameservers = [
      "9.9.9.9"
      "149.112.112.112"
    ];
    firewall = {
      enable = true;
      allowPing = false;
      # Whoever is on the tailnet is one of us.
      trustedInterfaces = [ "tailscale0" ];
    };
  };
}
