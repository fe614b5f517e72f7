# Packages that no machine is without.
{ pkgs, ... }:
{
  machine.packages.base = {
    common = with pkgs; [
      curl
      git
      htop
      machine-report
      neovim
      rsync
      tree
      vim
      wget
    ];
    darwin = [ pkgs.m-cli ];
    nixos = [ pkgs.xclip ];
  };
}
