# What every program of the owner's finds: base directories, languages, and where programs of their own are.
{ config, local, platform, ... }:
let
  defaults = local.platform.defaults platform;
in
{
  home = {
    stateVersion = "25.11";
    language = {
      base = "en_US.UTF-8";
      # English, but with metres, sheets of A4, and a week that starts on Monday.
      measurement = "de_DE.UTF-8";
      paper = "de_DE.UTF-8";
      time = "de_DE.UTF-8";
    };
    sessionPath = [ "$HOME/.local/bin" ];
    sessionVariables = {
      BROWSER = "firefox";
      # Where the logs of the owner's own programs belong on this platform.
      LOG_HOME = "${config.home.homeDirectory}/${defaults.logs}";
    };
    shellAliases = {
      cat = "bat --paging=never";
      copy = defaults.clipboard;
      show = defaults.opener;
    };
  };
  xdg.enable = true;
}
