# flake.*: the outputs. Those without an option of their own have one definition each.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  once = types.unique { message = "An output of the flake without an option of its own is defined once."; } types.raw;
in
{
  options.flake = mkOption {
    default = { };
    description = "What the flake offers.";
    type = types.submodule {
      freeformType = types.lazyAttrsOf once;
      options.nixosConfigurations = mkOption {
        type = types.lazyAttrsOf types.raw;
        default = { };
        description = "Systems of NixOS; several modules may add to them.";
      };
    };
  };
}
