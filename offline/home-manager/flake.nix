# The offline stand-in for home-manager: standalone homes, and homes inside NixOS and nix-darwin.
{
  description = "nix-parity's offline stand-in for home-manager";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs =
    { self, nixpkgs }:
    {
      lib = import ./lib { inherit (nixpkgs) lib; };
      nixosModules = rec {
        home-manager = ./nixos;
        default = home-manager;
      };
      darwinModules = rec {
        home-manager = ./nix-darwin;
        default = home-manager;
      };
    };
}
