# perSystem: what a flake offers for each of its systems, and where that goes among the outputs.
{ config, inputs, lib, self, ... }:
let
  inherit (lib) mkOption types;

  outputs = {
    packages = "Packages.";
    devShells = "Shells to develop in.";
    checks = "What `nix flake check` builds.";
  };

  systemModule =
    { system, ... }:
    {
      options = lib.mapAttrs (
        _: description:
        mkOption {
          type = types.lazyAttrsOf types.package;
          default = { };
          inherit description;
        }
      ) outputs
      // {
        formatter = mkOption {
          type = types.nullOr types.package;
          default = null;
          description = "The program of `nix fmt`.";
        };
      };
      config._module.args = {
        pkgs = lib.mkOptionDefault inputs.nixpkgs.legacyPackages.${system};
        self' = lib.mapAttrs (_: output: output.${system}) (lib.intersectAttrs outputs self);
        inputs' = lib.mapAttrs (
          _: input: lib.mapAttrs (_: output: output.${system} or { }) (lib.intersectAttrs (outputs // { legacyPackages = ""; }) input)
        ) inputs;
      };
    };

  formatters = lib.filterAttrs (_: formatter: formatter != null) (lib.mapAttrs (_: parts: parts.formatter) config.allSystems);
in
{
  options = {
    systems = mkOption {
      type = types.listOf types.str;
      description = "Systems that the flake offers something for.";
    };
    perSystem = mkOption {
      type = types.deferredModule;
      default = { };
      description = "Modules that are evaluated once for each system.";
      # Called with a system, so that each is evaluated when it is asked for.
      apply =
        module: system:
        (lib.evalModules {
          class = "perSystem";
          prefix = [ "perSystem" system ];
          specialArgs = { inherit system; };
          modules = [ systemModule module ];
        }).config;
    };
    allSystems = mkOption {
      type = types.lazyAttrsOf types.unspecified;
      internal = true;
      description = "What perSystem says, by system.";
    };
  };

  config = {
    allSystems = lib.genAttrs config.systems config.perSystem;
    flake = lib.mapAttrs (output: _: lib.mapAttrs (_: parts: parts.${output}) config.allSystems) outputs // {
      formatter = lib.mkIf (formatters != { }) formatters;
    };
  };
}
