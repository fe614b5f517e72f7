# The machines, and the owner's home on its own.
{ inputs, ... }:
let
  inherit (inputs.nixpkgs) lib;
  local = import ../lib { inherit lib; };

  argumentsFor = system: {
    inherit inputs local;
    platform = local.platform.detect system;
  };
  owner = (import ../hosts/common/owner.nix).machine.owner;

  darwin =
    system: host:
    inputs.nix-darwin.lib.darwinSystem {
      specialArgs = argumentsFor system;
      modules = [
        inputs.home-manager.darwinModules.home-manager
        { nixpkgs.hostPlatform = system; }
        host
      ];
    };
  nixos =
    system: host:
    lib.nixosSystem {
      specialArgs = argumentsFor system;
      modules = [
        inputs.home-manager.nixosModules.home-manager
        { nixpkgs.hostPlatform = system; }
        host
      ];
    };
in
{
  flake = {
    darwinConfigurations.macbook-air = darwin "aarch64-darwin" ../hosts/macbook-air;

    nixosConfigurations = {
      future-nixos-pc = nixos "x86_64-linux" ../hosts/future-nixos-pc;
      server = nixos "x86_64-linux" ../hosts/server;
      workstation = nixos "x86_64-linux" ../hosts/workstation;
    };

    homeConfigurations.${owner.name} = inputs.home-manager.lib.homeManagerConfiguration {
      pkgs = inputs.nixpkgs.legacyPackages.x86_64-linux;
      extraSpecialArgs = argumentsFor "x86_64-linux" // {
        inherit owner;
      };
      modules = [ ../home ];
    };
  };
}
