# What a system would tell the home, where there is none.
{ local, owner, platform, ... }:
{
  home = {
    username = owner.name;
    homeDirectory = local.helpers.paths.homeOf (local.platform.defaults platform) owner.name;
  };
  programs.home-manager.enable = true;
}
