# What this flake offers of the harness; config/flake has the reference hosts. docs/flake.md is about it.
{
  imports = [ ./flake-module.nix ];

  flake = {
    lib = import ./lib.nix;
    overlays.default = import ./overlay.nix;
    flakeModules.default = ./flake-module.nix;
    templates.default = {
      path = ./template;
      description = "A Mac and a NixOS machine with one suite of cases";
      welcomeText = ''
        Next: `git init && git add .`, then `nix develop --command nix-parity run`.
        cases/ says what the machines must come out as, hosts/ and modules/ make them so.
      '';
    };
  };

  perSystem =
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
    };
}
