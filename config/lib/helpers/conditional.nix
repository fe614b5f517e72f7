# Conditions that several modules ask.
{ lib }:
{
  # Settings for machines of a role.
  whenRole = config: role: lib.mkIf (lib.elem role config.machine.roles);

  # Settings for machines of none of these roles.
  unlessRole = config: roles: lib.mkIf (lib.mutuallyExclusive roles config.machine.roles);
}
