# `nix build`: the repository's own packages, the same ones that the machines install.
{ lib, ... }:
let
  ours = import ../packages/overlays;
in
{
  perSystem =
    { pkgs, ... }:
    {
      packages = { inherit (lib.fix (final: pkgs // ours final pkgs)) machine-report; };
    };
}
