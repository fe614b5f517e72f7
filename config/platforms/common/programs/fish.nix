# fish as everybody's interactive shell.
{ local, platform, ... }:
let
  defaults = local.platform.defaults platform;
in
{
  programs.fish = {
    shellAbbrs = {
      gs = "git status";
      gd = "git diff";
      clip = defaults.clipboard;
    };
    interactiveShellInit = ''
      set -g fish_greeting
      set -g fish_key_bindings fish_vi_key_bindings
    '';
  };
}
