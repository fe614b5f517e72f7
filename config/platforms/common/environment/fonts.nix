# Fonts for terminals and screens.
{ pkgs, ... }:
{
  fonts.packages = [
    pkgs.nerd-fonts.jetbrains-mono
    pkgs.inter
    pkgs.noto-fonts
  ];
}
