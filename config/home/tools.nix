# Tools of the owner, not of the machine.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    lazygit
    tokei
  ];
  programs = {
    bat = {
      enable = true;
      config.theme = "ansi";
    };
    direnv = {
      enable = true;
      nix-direnv.enable = true;
    };
    eza = {
      enable = true;
      git = true;
      icons = "auto";
    };
  };
}
