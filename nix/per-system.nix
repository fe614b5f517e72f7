# The program for each system, and the checks of this flake.
{ config, lib, pkgs, ... }:
{
  packages = {
    default = config.packages.nix-parity;
    nix-parity = pkgs.callPackage ./package.nix { };
  };
  apps.default = {
    type = "app";
    program = lib.getExe config.packages.nix-parity;
    meta.description = "One test suite for your Mac and your NixOS box";
  };
  # The reference hosts are looked at as anybody's are, except for what was accepted: that is of
  # the offline base, and these are whatever inputs the flake is evaluated with.
  nix-parity = {
    arguments = [
      "--tag"
      "fast"
    ];
    package = config.packages.nix-parity;
    nix = pkgs.nixVersions.stable;
    vmTests = ./vm-tests.nix;
  };
  checks.nix-parity = config.packages.nix-parity;
}
