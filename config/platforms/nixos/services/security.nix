# SSH with keys only, sudo with a password only.
{ config, lib, ... }:
{
  services.openssh = {
    enable = true;
    settings = {
      PermitRootLogin = "no";
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      X11Forwarding = false;
      AllowUsers = [ config.machine.owner.name ];
    };
  };

  security.sudo = {
    wheelNeedsPassword = true;
    execWheelOnly = true;
  };

  warnings = lib.optional (
    !config.security.sudo.wheelNeedsPassword
  ) "sudo asks for no password on ${config.machine.name}: whoever sits there is root";
}
