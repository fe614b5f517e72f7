# Packages that no machine is without.
{ local, pkgs, platform, ... }:
{
  environment.systemPackages = local.platform.compatibility.select platform {
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
