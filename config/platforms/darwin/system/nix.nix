# When macOS collects garbage, and whose account this configuration may manage.
{ config, ... }:
{
  nix.gc.interval = {
    Weekday = 0;
    Hour = 3;
    Minute = 0;
  };
  users.knownUsers = [ config.machine.owner.name ];
}
