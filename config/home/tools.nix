# Tools of the owner, not of the machine.
{ config, pkgs, ... }:
{
  home.packages = with pkgs; [
    doggo
    glow
    tokei
    watchexec
  ];
  programs = {
    bat = {
      enable = true;
      config = {
        style = "numbers,changes";
        theme = "ansi";
      };
    };
    btop = {
      enable = true;
      settings = {
        theme_background = false;
        update_ms = 2000;
        vim_keys = true;
      };
    };
    direnv = {
      enable = true;
      nix-direnv.enable = true;
      config.global.warn_timeout = "30s";
    };
    eza = {
      enable = true;
      git = true;
      icons = "auto";
      extraOptions = [ "--group-directories-first" ];
    };
    nh = {
      enable = true;
      flake = "${config.home.homeDirectory}/src/machines";
    };
    tealdeer = {
      enable = true;
      settings = {
        display.compact = true;
        updates.auto_update = false;
      };
    };
  };
}
