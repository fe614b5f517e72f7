# The machine's name, its resolvers, a firewall, and the tailnet that all machines are on.
{ config, lib, local, platform, ... }:
let
  # Quad9, which validates DNSSEC and leaves out what is known to do harm.
  resolvers = [
    "9.9.9.9"
    "149.112.112.112"
  ];
in
local.platform.compatibility.settings platform {
  common = {
    networking.hostName = config.machine.name;
    networking.search = [ "home.arpa" ];
    services.tailscale.enable = lib.mkDefault true;
  };
  darwin.networking = {
    dns = lib.mkAfter resolvers;
    applicationFirewall = {
      enable = true;
      allowSigned = true;
      allowSignedApp = false;
      enableStealthMode = true;
    };
  };
  nixos.networking = {
    nameservers = resolvers;
    firewall = {
      enable = true;
      allowPing = false;
      # Whoever is on the tailnet is one of us.
      trustedInterfaces = [ "tailscale0" ];
    };
  };
}
