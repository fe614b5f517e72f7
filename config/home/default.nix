# The owner's home where no system carries it: its modules, and what a system would tell it.
{ local, owner, platform, ... }:
{
  imports = import ./modules.nix;

  home = {
    username = owner.name;
    homeDirectory = local.helpers.paths.homeOf (local.platform.defaults platform) owner.name;
  };
  programs.home-manager.enable = true;
}
