# The base modules of every Mac. Three are the same on NixOS and come from there, as in the field.
{ nixpkgs }:
[
  "${nixpkgs}/nixos/modules/config/nix.nix"
  "${nixpkgs}/nixos/modules/misc/assertions.nix"
  "${nixpkgs}/nixos/modules/misc/nixpkgs"
  ./environment.nix
  ./fonts.nix
  ./homebrew.nix
  ./launchd.nix
  ./networking.nix
  ./nix.nix
  ./power.nix
  ./programs/shells.nix
  ./programs/tools.nix
  ./security.nix
  ./services/databases.nix
  ./services/network.nix
  ./system/activation-scripts.nix
  ./system/defaults.nix
  ./system/etc.nix
  ./system/keyboard.nix
  ./system/primary-user.nix
  ./system/toplevel.nix
  ./system/version.nix
  ./users.nix
]
