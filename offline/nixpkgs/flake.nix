# The offline stand-in for nixpkgs: the same interface (lib, nixosSystem, package sets), small enough
# to evaluate in a blink and to build without a network. A base for tests and demonstration only.
{
  description = "nix-parity's offline stand-in for nixpkgs";

  outputs =
    { self }:
    let
      baseLib = import ./lib;
      lib = baseLib // {
        nixosSystem = args: import ./nixos/lib/eval-config.nix ({ inherit lib; } // args);
      };
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs systems (system: import ./pkgs { inherit system; });
      nixosModules.readOnlyPkgs = ./nixos/modules/misc/nixpkgs/read-only.nix;
    };
}
