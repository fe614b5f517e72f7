# The machine's name, whom it asks for others', a firewall, and the tailnet that all machines are on.
{ config, lib, local, platform, ... }:
local.platform.compatibility.settings platform {
  common = {
    networking.hostName = config.machine.name;
    networking.search = [ "home.arpa" ];
    services.tailscale.enable = lib.mkDefault true;
  };
  darwin.networking.applicationFirewall = {
    enable = true;
    allowSigned = true;
    allowSignedApp = false;
    enableStealthMode = true;
  };
  nixos.networking = {
    # Quad9, which validates DNSSEC and leaves out what is known to do harm. On a Mac the tailnet chooses.
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
