# Lets scripts on the machine ask what it is for.
{ config, lib, ... }:
{
  environment.etc."machine-roles".text = lib.concatLines config.machine.roles;
}
