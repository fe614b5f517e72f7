# A machine that runs on a battery.
{ lib, local, platform, ... }:
lib.mkMerge [
  { machine.roles = [ "laptop" ]; }
  # Building with all cores empties the battery in no time.
  { nix.settings.cores = lib.mkForce 4; }
  (local.platform.compatibility.onDarwin platform {
    power.sleep = {
      computer = 30;
      display = 10;
    };
    system.defaults.trackpad = {
      Clicking = true;
      TrackpadRightClick = true;
    };
  })
]
