# macOS's own settings, apart from Finder's.
{ config, ... }:
{
  system.primaryUser = config.machine.owner.name;

  system.defaults = {
    NSGlobalDomain = {
      AppleInterfaceStyle = "Dark";
      AppleShowAllExtensions = true;
      InitialKeyRepeat = 15;
      KeyRepeat = 2;
      NSAutomaticCapitalizationEnabled = false;
      NSAutomaticSpellingCorrectionEnabled = false;
      "com.apple.swipescrolldirection" = false;
    };
    dock = {
      autohide = true;
      mru-spaces = false;
      orientation = "left";
      show-recents = false;
      tilesize = 48;
    };
    screencapture.location = "~/Pictures/Screenshots";
    screensaver = {
      askForPassword = true;
      askForPasswordDelay = 0;
    };
    loginwindow.GuestEnabled = false;
  };
}
