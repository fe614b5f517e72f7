# Homebrew, for the applications that machine.applications asks for and those that only a Mac has.
{ config, lib, ... }:
{
  homebrew = {
    enable = true;
    onActivation = {
      # A switch must not depend on the network.
      autoUpdate = lib.mkDefault false;
      upgrade = lib.mkDefault false;
      cleanup = "zap";
    };
    casks = [ "raycast" ];
  };

  warnings = lib.optional config.homebrew.onActivation.autoUpdate "homebrew.onActivation.autoUpdate makes every switch depend on the network";
}
