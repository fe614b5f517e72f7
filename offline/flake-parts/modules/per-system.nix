# perSystem: what a flake offers for each of its systems, and where that goes among the outputs.
{ config, inputs, lib, self, ... }:
let
  inherit (lib) mkOption types;

  outputs = {
    packages = "Packages.";
    devShells = "Shells to develop in.";
    checks = "What `nix flake check` builds.";
  };

  # Programs to run, which are no packages.
  appType = types.submodule {
    options = {
      type = mkOption {
        type = types.enum [ "app" ];
        default = "app";
        description = "What it is.";
      };
      program = mkOption {
        type = types.coercedTo types.package lib.getExe types.str;
        description = "The program, or the package whose main program it is.";
      };
      meta = mkOption {
        type = types.lazyAttrsOf types.raw;
        default = { };
        description = "What there is to say of it.";
      };
    };
  };
  kinds = lib.mapAttrs (_: description: { inherit description; type = types.package; }) outputs // {
    apps = {
      description = "What `nix run` runs.";
      type = appType;
    };
  };

  systemModule =
    { system, ... }:
    {
      options = lib.mapAttrs (
        _: kind:
        mkOption {
          type = types.lazyAttrsOf kind.type;
          default = { };
          inherit (kind) description;
        }
      ) kinds
      // {
        formatter = mkOption {
          type = types.nullOr types.package;
          default = null;
          description = "The program of `nix fmt`.";
        };
      };
      config._module.args = {
        pkgs = lib.mkOptionDefault inputs.nixpkgs.legacyPackages.${system};
        self' = lib.mapAttrs (_: output: output.${system}) (lib.intersectAttrs kinds self);
        inputs' = lib.mapAttrs (
          _: input: lib.mapAttrs (_: output: output.${system} or { }) (lib.intersectAttrs (kinds // { legacyPackages = ""; }) input)
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
    flake = lib.mapAttrs (output: _: lib.mapAttrs (_: parts: parts.${output}) config.allSystems) kinds // {
      formatter = formatters;
    };
  };
}
