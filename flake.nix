# The repository's flake: the reference hosts that the harness is demonstrated on, and a shell to work in.
# The real inputs are pinned in flake.lock; offline/ holds stand-ins that replace them by --override-input.
{
  description = "nix-parity: one test suite for your Mac and your NixOS box";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    nix-darwin = {
      url = "github:LnL7/nix-darwin";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    home-manager = {
      url = "github:nix-community/home-manager";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    inputs:
    let
      inherit (inputs.nixpkgs) lib legacyPackages;
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-linux"
      ];
      forSystems = f: lib.genAttrs systems (system: f legacyPackages.${system});
    in
    import ./config/hosts { inherit inputs; }
    // {
      devShells = forSystems (pkgs: {
        default = import ./config/packages/dev-shell.nix { inherit pkgs; };
      });
    };
}
