# What both machines have.
{ pkgs, ... }:
{
  programs.fish.enable = true;
  environment.systemPackages = [
    pkgs.git
    pkgs.ripgrep
  ];
  environment.variables.EDITOR = "vim";
  nix.settings.experimental-features = [
    "nix-command"
    "flakes"
  ];
}
