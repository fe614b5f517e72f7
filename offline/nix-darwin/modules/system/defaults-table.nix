# Each domain of system.defaults: the domain's name for `defaults`, whether it is the system's or the
# primary user's, and its keys with their types.
{ lib }:
let
  inherit (lib) types;
  inherit (types) bool int float str enum;
  number = types.either float int;
  corner = types.ints.positive;
  # The Dock holds applications as dictionaries; a path is enough to make one.
  appTile = types.coercedTo types.str (path: {
    tile-data.file-data = { _CFURLString = "file://${path}"; _CFURLStringType = 15; };
    tile-type = "file-tile";
  }) types.attrs;
in
{
  NSGlobalDomain = {
    domain = "-g";
    scope = "user";
    options = {
      AppleInterfaceStyle = enum [ "Dark" ];
      AppleInterfaceStyleSwitchesAutomatically = bool;
      AppleShowAllExtensions = bool;
      AppleShowAllFiles = bool;
      AppleShowScrollBars = enum [ "WhenScrolling" "Automatic" "Always" ];
      AppleMeasurementUnits = enum [ "Centimeters" "Inches" ];
      AppleMetricUnits = enum [ 0 1 ];
      AppleTemperatureUnit = enum [ "Celsius" "Fahrenheit" ];
      AppleICUForce24HourTime = bool;
      ApplePressAndHoldEnabled = bool;
      AppleKeyboardUIMode = enum [ 0 2 3 ];
      InitialKeyRepeat = int;
      KeyRepeat = int;
      NSAutomaticCapitalizationEnabled = bool;
      NSAutomaticDashSubstitutionEnabled = bool;
      NSAutomaticPeriodSubstitutionEnabled = bool;
      NSAutomaticQuoteSubstitutionEnabled = bool;
      NSAutomaticSpellingCorrectionEnabled = bool;
      NSAutomaticWindowAnimationsEnabled = bool;
      NSDocumentSaveNewDocumentsToCloud = bool;
      NSNavPanelExpandedStateForSaveMode = bool;
      NSNavPanelExpandedStateForSaveMode2 = bool;
      NSTableViewDefaultSizeMode = enum [ 1 2 3 ];
      NSWindowResizeTime = number;
      _HIHideMenuBar = bool;
      "com.apple.keyboard.fnState" = bool;
      "com.apple.mouse.tapBehavior" = enum [ 1 ];
      "com.apple.sound.beep.feedback" = int;
      "com.apple.sound.beep.volume" = number;
      "com.apple.swipescrolldirection" = bool;
      "com.apple.trackpad.scaling" = number;
    };
  };
  dock = {
    domain = "com.apple.dock";
    scope = "user";
    options = {
      autohide = bool;
      autohide-delay = number;
      autohide-time-modifier = number;
      expose-group-apps = bool;
      largesize = types.ints.between 16 128;
      launchanim = bool;
      magnification = bool;
      mineffect = enum [ "genie" "suck" "scale" ];
      minimize-to-application = bool;
      mru-spaces = bool;
      orientation = enum [ "bottom" "left" "right" ];
      persistent-apps = types.listOf appTile;
      show-process-indicators = bool;
      show-recents = bool;
      showhidden = bool;
      static-only = bool;
      tilesize = int;
      wvous-bl-corner = corner;
      wvous-br-corner = corner;
      wvous-tl-corner = corner;
      wvous-tr-corner = corner;
    };
  };
  finder = {
    domain = "com.apple.finder";
    scope = "user";
    options = {
      AppleShowAllExtensions = bool;
      AppleShowAllFiles = bool;
      CreateDesktop = bool;
      FXDefaultSearchScope = str;
      FXEnableExtensionChangeWarning = bool;
      FXPreferredViewStyle = str;
      FXRemoveOldTrashItems = bool;
      NewWindowTarget = enum [ "Computer" "OS volume" "Home" "Desktop" "Documents" "Recents" "iCloud Drive" "Other" ];
      QuitMenuItem = bool;
      ShowExternalHardDrivesOnDesktop = bool;
      ShowHardDrivesOnDesktop = bool;
      ShowPathbar = bool;
      ShowRemovableMediaOnDesktop = bool;
      ShowStatusBar = bool;
      _FXShowPosixPathInTitle = bool;
      _FXSortFoldersFirst = bool;
    };
  };
  trackpad = {
    domain = "com.apple.AppleMultitouchTrackpad";
    scope = "user";
    options = {
      ActuationStrength = enum [ 0 1 ];
      Clicking = bool;
      Dragging = bool;
      FirstClickThreshold = enum [ 0 1 2 ];
      SecondClickThreshold = enum [ 0 1 2 ];
      TrackpadRightClick = bool;
      TrackpadThreeFingerDrag = bool;
    };
  };
  screencapture = {
    domain = "com.apple.screencapture";
    scope = "user";
    options = {
      disable-shadow = bool;
      include-date = bool;
      location = str;
      show-thumbnail = bool;
      target = enum [ "file" "clipboard" "preview" "mail" "messages" ];
      type = str;
    };
  };
  screensaver = {
    domain = "com.apple.screensaver";
    scope = "user";
    options = {
      askForPassword = bool;
      askForPasswordDelay = int;
    };
  };
  menuExtraClock = {
    domain = "com.apple.menuextra.clock";
    scope = "user";
    options = {
      IsAnalog = bool;
      Show24Hour = bool;
      ShowAMPM = bool;
      ShowDate = enum [ 0 1 2 ];
      ShowDayOfWeek = bool;
      ShowSeconds = bool;
    };
  };
  spaces = {
    domain = "com.apple.spaces";
    scope = "user";
    options.spans-displays = bool;
  };
  LaunchServices = {
    domain = "com.apple.LaunchServices";
    scope = "user";
    options.LSQuarantine = bool;
  };
  loginwindow = {
    domain = "/Library/Preferences/com.apple.loginwindow";
    scope = "system";
    options = {
      DisableConsoleAccess = bool;
      GuestEnabled = bool;
      LoginwindowText = str;
      SHOWFULLNAME = bool;
      autoLoginUser = str;
    };
  };
  SoftwareUpdate = {
    domain = "/Library/Preferences/com.apple.SoftwareUpdate";
    scope = "system";
    options.AutomaticallyInstallMacOSUpdates = bool;
  };
}
