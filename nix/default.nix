# What this flake offers of the harness; config/flake has the reference hosts. docs/flake.md is about it.
# Parts are files of their own where they name more: what a host's evaluation reads is what it depends on.
{
  imports = [ ./flake-module.nix ];
  perSystem = ./per-system.nix;
  flake = {
    lib = import ./lib.nix;
    overlays.default = import ./overlay.nix;
    flakeModules.default = ./flake-module.nix;
    templates = import ./templates.nix;
  };
}
