# What a machine is for.
{ lib }:
{
  role = lib.types.enum [
    "workstation"
    "laptop"
  ];
}
