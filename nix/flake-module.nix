# `flakeModules.default`, for flakes of flake-parts: `perSystem.nix-parity` sets the checks of the
# hosts, an app and a shell.
{ lib, self, ... }:
let
  inherit (lib) mkOption types;
  inherit (import ./lib.nix) mkChecks;
in
{
  perSystem =
    { config, pkgs, ... }:
    let
      cfg = config.nix-parity;
      names = types.listOf types.str;
    in
    {
      options.nix-parity = {
        enable = mkOption {
          type = types.bool;
          default = true;
          description = "Whether `nix flake check` looks at the hosts of this flake on this system.";
        };
        package = mkOption {
          type = types.package;
          default = pkgs.nix-parity or (pkgs.callPackage ./package.nix { });
          description = "The program.";
        };
        nix = mkOption {
          type = types.package;
          default = pkgs.nix;
          description = "The Nix that evaluates within the check of cases.";
        };
        hosts = mkOption {
          type = types.nullOr names;
          default = null;
          description = "The hosts, by name; all where null.";
        };
        evaluate = mkOption {
          type = types.bool;
          default = true;
          description = "Whether there is a check for each host: that it comes out as a derivation.";
        };
        cases = mkOption {
          type = types.nullOr names;
          default = [ ];
          description = "The cases, by parts of their names; all where empty, no check of them where null.";
        };
        arguments = mkOption {
          type = names;
          default = [ ];
          description = "More arguments of `nix-parity run`.";
        };
        profile = mkOption {
          type = types.nullOr types.str;
          default = null;
          description = "The profile of parity.yaml. Inputs are those of the flake, whatever it says of them.";
        };
        directory = mkOption {
          type = types.str;
          default = ".";
          description = "The folder of parity.yaml and of the cases, within the flake.";
        };
        vmTests = mkOption {
          type = types.nullOr types.path;
          default = null;
          description = "The tests of machines: what `nix-parity vm --export FILE` has written.";
        };
      };

      config = lib.mkIf cfg.enable {
        checks = mkChecks (removeAttrs cfg [ "enable" ] // { inherit pkgs self; });
        apps.nix-parity = {
          type = "app";
          program = lib.getExe cfg.package;
          meta.description = "Run the cases of this flake";
        };
        # For `inputsFrom` of a shell.
        devShells.nix-parity = pkgs.mkShell { packages = [ cfg.package ]; };
      };
    };
}
