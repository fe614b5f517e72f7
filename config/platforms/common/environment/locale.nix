# The clock on the wall.
{ lib, ... }:
{
  time.timeZone = lib.mkDefault "Europe/Berlin";
}
