# Variables of every session.
{ local, platform, ... }:
{
  environment.variables = {
    EDITOR = "nvim";
    VISUAL = "nvim";
    PAGER = "less";
    LESS = "-FRX";
    MANPAGER = "less -s";
    # Programs that show a page ask for it by this name.
    OPENER = (local.platform.defaults platform).opener;
  };
}
