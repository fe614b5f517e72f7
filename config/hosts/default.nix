# The flake's outputs for hosts: two machines, and the home on its own.
{ inputs }:
let
  inherit (inputs.nixpkgs) lib;
  local = import ../lib { inherit lib; };

  argumentsFor = system: {
    inherit inputs local;
    platform = local.platform.detect system;
  };
  owner = (import ./common/owner.nix).machine.owner;
in
{
  darwinConfigurations.macbook-air = inputs.nix-darwin.lib.darwinSystem {
    specialArgs = argumentsFor "aarch64-darwin";
    modules = [
      inputs.home-manager.darwinModules.home-manager
      ./macbook-air
    ];
  };

  nixosConfigurations.future-nixos-pc = lib.nixosSystem {
    specialArgs = argumentsFor "x86_64-linux";
    modules = [
      inputs.home-manager.nixosModules.home-manager
      ./future-nixos-pc
    ];
  };

  homeConfigurations.${owner.name} = inputs.home-manager.lib.homeManagerConfiguration {
    pkgs = inputs.nixpkgs.legacyPackages.x86_64-linux;
    extraSpecialArgs = argumentsFor "x86_64-linux" // {
      inherit owner;
    };
    modules = [
      ../home
      ../home/standalone.nix
    ];
  };
}
