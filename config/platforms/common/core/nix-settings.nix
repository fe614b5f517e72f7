# Nix itself: flakes, caches, who may change builds, and a store that cleans up after itself.
{ config, local, platform, ... }:
let
  defaults = local.platform.defaults platform;
in
local.platform.compatibility.settings platform {
  common = {
    nix = {
      settings = {
        experimental-features = [
          "nix-command"
          "flakes"
        ];
        trusted-users = [
          "root"
          "@${defaults.adminGroup}"
        ];
        substituters = [ "https://nix-community.cachix.org" ];
        trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
        use-xdg-base-directories = true;
        warn-dirty = false;
      };
      gc = {
        automatic = true;
        options = "--delete-older-than 30d";
      };
      optimise.automatic = true;
      channel.enable = false;
      # Old commands find the nixpkgs that the registry names, since there are no channels.
      nixPath = [ "nixpkgs=flake:nixpkgs" ];
    };
    nixpkgs.config.allowUnfree = true;
  };
  darwin = {
    nix.gc.interval = {
      Weekday = 0;
      Hour = 3;
      Minute = 0;
    };
    users.knownUsers = [ config.machine.owner.name ];
  };
  nixos.nix.gc = {
    dates = "weekly";
    randomizedDelaySec = "45min";
  };
}
