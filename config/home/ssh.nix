# Where ssh goes, as whom, and with which key.
{ owner, ... }:
let
  # Machines of this configuration are reached through the tailnet, by name.
  ours = {
    user = owner.name;
    forwardAgent = true;
  };
in
{
  programs.ssh = {
    enable = true;
    enableDefaultConfig = false;
    matchBlocks = {
      future-nixos-pc = ours;
      macbook-air = ours;
      server = ours;
      workstation = ours;
      "github.com" = {
        user = "git";
        identityFile = "~/.ssh/id_ed25519";
        identitiesOnly = true;
      };
      "*" = {
        addKeysToAgent = "confirm";
        compression = false;
        forwardAgent = false;
        hashKnownHosts = true;
        serverAliveInterval = 60;
        serverAliveCountMax = 3;
      };
    };
  };
}
