# power.sleep and time.timeZone: what systemsetup sets.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  sleep = config.power.sleep;
  delay = description: mkOption { type = types.nullOr (types.either types.ints.positive (types.enum [ "never" ])); default = null; inherit description; };
  set = what: value: lib.optionalString (value != null) "systemsetup -set${what} ${lib.escapeShellArg (toString value)}\n";
in
{
  options = {
    power.sleep = {
      computer = delay "Minutes until the Mac sleeps.";
      display = delay "Minutes until the display sleeps.";
      harddisk = delay "Minutes until the disk sleeps.";
    };
    power.restartAfterPowerFailure = mkOption { type = types.nullOr types.bool; default = null; description = "Whether it starts again after a power failure."; };
    time.timeZone = mkOption { type = types.nullOr types.str; default = null; description = "Time zone; null leaves it to be set by hand."; };
  };
  config.system.activationScripts = {
    power.text =
      set "computersleep" sleep.computer
      + set "displaysleep" sleep.display
      + set "harddisksleep" sleep.harddisk
      + lib.optionalString (config.power.restartAfterPowerFailure != null) "systemsetup -setrestartpowerfailure ${if config.power.restartAfterPowerFailure then "on" else "off"}\n";
    time.text = set "timezone" config.time.timeZone;
  };
}
