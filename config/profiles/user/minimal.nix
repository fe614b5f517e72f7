# A shell that is pleasant, and nothing more.
{ lib, ... }:
{
  imports = [ ../../platforms/common/packages/cli.nix ];
  programs.direnv.enable = lib.mkDefault false;
  programs.tmux.enable = lib.mkDefault false;
}
