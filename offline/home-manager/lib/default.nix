# What the flake offers as `lib`: homeManagerConfiguration and the helpers below `hm`.
{ lib }:
{
  hm = (import ./extended.nix lib).hm;

  homeManagerConfiguration =
    {
      pkgs,
      modules ? [ ],
      extraSpecialArgs ? { },
      lib ? pkgs.lib,
    }:
    let
      extended = import ./extended.nix lib;

      withExtraAttrs =
        raw:
        let
          failed = map (entry: entry.message) (lib.filter (entry: !entry.assertion) raw.config.assertions);
          checked =
            if failed != [ ] then
              throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
            else
              lib.foldr (warning: result: builtins.trace "warning: ${warning}" result) raw raw.config.warnings;
        in
        # A home is checked as soon as its configuration or its package is asked for.
        {
          inherit (raw) _module _type class type;
          inherit (checked) config options;
          inherit (checked.config.home) activationPackage;
          inherit (raw._module.args) pkgs;
          extendModules = args: withExtraAttrs (raw.extendModules args);
        };
    in
    withExtraAttrs (
      extended.evalModules {
        class = "homeManager";
        modules = modules ++ import ../modules/module-list.nix ++ [ ../modules/nixpkgs.nix ];
        specialArgs = {
          lib = extended;
          basePkgs = pkgs;
          modulesPath = toString ../modules;
        }
        // extraSpecialArgs;
      }
    );
}
