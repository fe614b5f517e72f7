{
  inputs.pin = {
    url = "git+file://@pin@";
    flake = false;
  };
  # Replaced by a folder of this tree; see parity.yaml.
  inputs.extra = {
    url = "path:/nowhere";
    flake = false;
  };
  # The offline base takes their place.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.nix-darwin = {
    url = "github:LnL7/nix-darwin";
    inputs.nixpkgs.follows = "nixpkgs";
  };
  inputs.home-manager = {
    url = "github:nix-community/home-manager";
    inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    inputs:
    let
      inherit (inputs) nixpkgs nix-darwin home-manager;
      helper = import ./lib/helper.nix;
      arguments = name: {
        inherit (inputs) pin extra;
        inherit name helper;
      };
      modules = name: [
        ./lib/probe.nix
        ./hosts/${name}.nix
      ];
    in
    {
      nixosConfigurations = nixpkgs.lib.genAttrs [ "pc" "server" ] (
        name:
        nixpkgs.lib.nixosSystem {
          specialArgs =
            arguments name // nixpkgs.lib.optionalAttrs (name == "server") { @self@ };
          modules = modules name ++ [
            home-manager.nixosModules.home-manager
            ./lib/nixos.nix
          ];
        }
      );
      darwinConfigurations.air = nix-darwin.lib.darwinSystem {
        specialArgs = arguments "air";
        modules = modules "air" ++ [ ./lib/darwin.nix ];
      };
      homeConfigurations.lars = home-manager.lib.homeManagerConfiguration {
        pkgs = nixpkgs.legacyPackages.x86_64-linux;
        extraSpecialArgs = arguments "lars";
        modules = modules "lars" ++ [ ./lib/home.nix ];
      };
    };
}
