# sudo with a password only.
{ config, lib, ... }:
{
  security.sudo = {
    wheelNeedsPassword = true;
    execWheelOnly = lib.mkDefault true;
  };

  warnings = lib.optional (
    !config.security.sudo.wheelNeedsPassword
  ) "sudo asks for no password on ${config.machine.name}: whoever sits there is root";
}
