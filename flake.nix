# The repository's flake: the harness (nix/), and the reference hosts that it is demonstrated on (config/).
# The real inputs are pinned in flake.lock; offline/ holds stand-ins that replace them by --override-input.
{
  description = "nix-parity: one test suite for your Mac and your NixOS box";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
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
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [
        ./config/flake
        ./nix
      ];
    };
}
