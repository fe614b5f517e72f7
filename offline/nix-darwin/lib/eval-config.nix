# Evaluates modules over the base modules; the result keeps pkgs and system, also after extendModules.
{
  lib,
  nixpkgs,
  modules,
  specialArgs ? { },
}:
let
  withExtraAttrs =
    configuration:
    configuration
    // {
      inherit (configuration._module.args) pkgs;
      system = configuration.config.system.build.toplevel;
      extendModules = args: withExtraAttrs (configuration.extendModules args);
    };
in
withExtraAttrs (
  lib.evalModules {
    class = "darwin";
    modules = import ../modules/module-list.nix { inherit nixpkgs; } ++ modules;
    specialArgs = {
      modulesPath = toString ../modules;
    }
    // specialArgs;
  }
)
