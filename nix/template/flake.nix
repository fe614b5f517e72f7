# A Mac and a NixOS machine from one flake, and a suite of cases about both.
{
  description = "My machines";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    nix-darwin = {
      url = "github:nix-darwin/nix-darwin";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    nix-parity = {
      # The address that this template came from.
      url = "github:OWNER/nix-parity";
      inputs.nixpkgs.follows = "nixpkgs";
      # What its own reference configuration needs, and nobody else.
      inputs.home-manager.follows = "";
      inputs.nix-darwin.follows = "";
    };
  };

  outputs =
    { self, nixpkgs, nix-darwin, nix-parity, ... }:
    let
      eachSystem =
        function:
        nixpkgs.lib.genAttrs [ "aarch64-darwin" "aarch64-linux" "x86_64-linux" ] (
          system: function system nixpkgs.legacyPackages.${system}
        );
    in
    {
      darwinConfigurations.macbook = nix-darwin.lib.darwinSystem {
        modules = [
          ./modules/common.nix
          ./hosts/macbook.nix
        ];
      };
      nixosConfigurations.pc = nixpkgs.lib.nixosSystem {
        modules = [
          ./modules/common.nix
          ./hosts/pc.nix
        ];
      };

      # `nix flake check`: each machine comes out as a derivation, and all cases hold.
      checks = eachSystem (_: pkgs: nix-parity.lib.mkChecks { inherit pkgs self; });

      # `nix develop`: a shell with `nix-parity`.
      devShells = eachSystem (
        system: pkgs: {
          default = pkgs.mkShell { packages = [ nix-parity.packages.${system}.default ]; };
        }
      );
    };
}
