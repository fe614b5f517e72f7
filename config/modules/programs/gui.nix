# machine.applications: programs with windows, from Homebrew on the Mac and from nixpkgs on NixOS.
{ config, lib, local, pkgs, platform, ... }:
let
  inherit (local.platform.compatibility) applications settings;
  chosen = map (name: applications.${name}) config.machine.applications;
in
{
  options.machine.applications = lib.mkOption {
    type = lib.types.listOf (lib.types.enum (lib.attrNames applications));
    default = [ ];
    description = "Applications to install, by the names that both platforms know them by here.";
  };

  config = settings platform {
    darwin.homebrew.casks = map (application: application.cask) chosen;
    nixos.environment.systemPackages = map (application: application.package pkgs) chosen;
  };
}
