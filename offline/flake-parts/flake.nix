# The offline stand-in for flake-parts: a flake's outputs as modules, with what a configuration of
# machines sets of its interface.
{
  description = "nix-parity's offline stand-in for flake-parts";

  inputs.nixpkgs-lib.url = "github:nix-community/nixpkgs.lib";

  outputs =
    { nixpkgs-lib, ... }:
    {
      lib = import ./lib { inherit (nixpkgs-lib) lib; };
    };
}
