# Takes pkgs as given: for tests that evaluate many hosts over one package set.
{ lib, config, ... }:
{
  options.nixpkgs.pkgs = lib.mkOption {
    type = lib.types.raw;
    description = "The package set.";
  };
  config._module.args.pkgs = lib.mkForce config.nixpkgs.pkgs;
}
