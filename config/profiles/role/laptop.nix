# A machine that runs on a battery.
{ lib, local, platform, ... }:
local.platform.compatibility.settings platform {
  common = {
    machine.roles = [ "laptop" ];
    # Building with all cores empties the battery in no time.
    nix.settings.cores = lib.mkForce 4;
  };
  darwin = {
    power.sleep = {
      computer = 30;
      display = 10;
    };
    system.defaults.trackpad = {
      Clicking = true;
      TrackpadRightClick = true;
    };
  };
}
