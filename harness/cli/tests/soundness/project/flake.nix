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

  outputs =
    inputs:
    let
      flakeAt =
        path: inputs:
        let
          this = (import (path + "/flake.nix")).outputs ({ self = this; } // inputs) // {
            outPath = path;
          };
        in
        this;
      nixpkgs = flakeAt ./offline/nixpkgs { };
      nix-darwin = flakeAt ./offline/nix-darwin { inherit nixpkgs; };
      home-manager = flakeAt ./offline/home-manager { inherit nixpkgs; };
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
