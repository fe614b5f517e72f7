# The offline stand-in for nix-darwin: darwinSystem and the options a Mac's configuration sets.
{
  description = "nix-parity's offline stand-in for nix-darwin";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    {
      lib = {
        evalConfig = import ./lib/eval-config.nix;
        darwinSystem =
          args@{ modules, ... }:
          self.lib.evalConfig (
            { inherit (nixpkgs) lib; }
            // removeAttrs args [
              "system"
              "pkgs"
              "inputs"
            ]
            // {
              inherit nixpkgs;
              modules =
                modules
                # These three arguments are set as any module would set them, so that modules can override them.
                ++ nixpkgs.lib.optional (args ? pkgs) { nixpkgs.pkgs = args.pkgs; }
                ++ nixpkgs.lib.optional (args ? system) { nixpkgs.system = nixpkgs.lib.mkDefault args.system; }
                ++ nixpkgs.lib.optional (args ? inputs) { _module.args.inputs = args.inputs; };
            }
          );
      };
    };
}
