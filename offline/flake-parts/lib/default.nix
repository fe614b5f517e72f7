# mkFlake: evaluates modules of class `flake` and returns what they say the flake offers.
{ lib }:
let
  evalFlakeModule =
    {
      inputs,
      specialArgs ? { },
      moduleLocation ? "${inputs.self.outPath}/flake.nix",
    }:
    module:
    lib.evalModules {
      class = "flake";
      specialArgs = {
        inherit inputs moduleLocation;
        inherit (inputs) self;
      }
      // specialArgs;
      modules = [
        ../modules/flake.nix
        ../modules/per-system.nix
        # A module without a file of its own is one of the flake's.
        (lib.setDefaultModuleLocation moduleLocation module)
      ];
    };
in
{
  inherit evalFlakeModule;
  mkFlake = args: module: (evalFlakeModule args module).config.flake;
}
