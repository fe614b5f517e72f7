# Where the platforms call the same thing by different names.
platform:
if platform.isDarwin then
  {
    homeRoot = "/Users";
    adminGroup = "admin";
    clipboard = "pbcopy";
    opener = "open";
    # macOS's sandbox breaks too many builds; there "relaxed" is as far as it goes.
    sandbox = "relaxed";
    # Where a program of the owner's writes what it has to say.
    logs = "Library/Logs";
  }
else
  {
    homeRoot = "/home";
    adminGroup = "wheel";
    clipboard = "xclip -selection clipboard";
    opener = "xdg-open";
    sandbox = true;
    logs = ".local/state/log";
  }
