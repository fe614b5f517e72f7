# What one works with besides the terminal. Homebrew brings it to the Mac, nixpkgs to NixOS.
{ lib, local, pkgs, platform, ... }:
lib.mkMerge [
  (local.platform.compatibility.onNixOS platform {
    programs.firefox.enable = true;
    environment.systemPackages = [ pkgs.activitywatch ];
  })
  { environment.variables.BROWSER = "firefox"; }
]
