# Where the platforms call the same thing by different names.
platform:
if platform.isDarwin then
  {
    homeRoot = "/Users";
    adminGroup = "admin";
    clipboard = "pbcopy";
  }
else
  {
    homeRoot = "/home";
    adminGroup = "wheel";
    clipboard = "xclip -selection clipboard";
  }
