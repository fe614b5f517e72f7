# Programs that always start with certain flags and variables, whoever starts them. Each function takes
# the package set and returns a package that stands in for the plain one.
{ lib }:
let
  wrap = import ./wrap.nix { inherit lib; };
in
{
  git = import ./git.nix { inherit wrap; };
  kitty = import ./kitty.nix { inherit wrap; };
}
