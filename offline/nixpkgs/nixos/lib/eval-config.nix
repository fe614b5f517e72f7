# nixosSystem: evaluates modules over the base modules and keeps pkgs, lib and itself reachable
# on the result, also after extendModules.
{
  lib,
  modules,
  system ? null,
  pkgs ? null,
  specialArgs ? { },
  baseModules ? import ../modules/module-list.nix,
  extraModules ? [ ],
  prefix ? [ ],
}:
let
  fromArguments = {
    _file = ./eval-config.nix;
    config = lib.mkMerge [
      (lib.mkIf (system != null) { nixpkgs.system = lib.mkDefault system; })
      (lib.mkIf (pkgs != null) { nixpkgs.pkgs = pkgs; })
      { _module.args = { inherit baseModules extraModules modules; }; }
    ];
  };

  withExtraAttrs =
    configuration:
    configuration
    // {
      inherit lib;
      inherit (configuration._module.args) pkgs;
      extendModules = args: withExtraAttrs (configuration.extendModules args);
    };
in
withExtraAttrs (
  lib.evalModules {
    class = "nixos";
    inherit prefix;
    modules = baseModules ++ extraModules ++ [ fromArguments ] ++ modules;
    specialArgs = {
      modulesPath = toString ../modules;
    }
    // specialArgs;
  }
)
