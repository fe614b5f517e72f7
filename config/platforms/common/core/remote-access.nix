# Who may log in from outside: nobody on a Mac, and on NixOS the owner with a key.
{ config, local, platform, ... }:
local.platform.compatibility.settings platform {
  common.services.openssh.enable = platform.isNixOS;
  nixos.services.openssh.settings = {
    PermitRootLogin = "no";
    PasswordAuthentication = false;
    KbdInteractiveAuthentication = false;
    X11Forwarding = false;
    AllowUsers = [ config.machine.owner.name ];
  };
}
