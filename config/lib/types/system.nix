# What a machine is for.
{ lib }:
{
  role = lib.types.enum [
    "ai"
    "cloud"
    "development-server"
    "laptop"
    "observability"
    "performance"
    "security-hardened"
    "server"
    "team"
    "workstation"
  ];
}
