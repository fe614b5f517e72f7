# Packages by the platform that they are for.
{ lib }:
let
  inherit (lib) mkOption types;
  packages =
    description:
    mkOption {
      type = types.listOf types.package;
      default = [ ];
      inherit description;
    };
in
{
  # One subject's packages.
  group = types.submodule {
    options = {
      common = packages "Packages for every platform.";
      darwin = packages "Packages that only macOS has.";
      nixos = packages "Packages that only NixOS has.";
    };
  };
}
