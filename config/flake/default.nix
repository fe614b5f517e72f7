# The flake, one module for each thing that it offers.
{
  imports = [
    ./checks.nix
    ./dev-shells.nix
    ./hosts.nix
    ./packages.nix
  ];
  systems = [
    "aarch64-darwin"
    "aarch64-linux"
    "x86_64-linux"
  ];
}
