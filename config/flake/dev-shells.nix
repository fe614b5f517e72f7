# `nix develop`: the shell to work on this repository in.
{
  perSystem =
    { pkgs, ... }:
    {
      devShells.default = import ../packages/dev-shell.nix { inherit pkgs; };
    };
}
