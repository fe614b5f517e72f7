# The package set as a function of platform, config and overlays, as nixpkgs's top level is.
{
  localSystem ? null,
  system ? localSystem,
  config ? { },
  overlays ? [ ],
}:
let
  lib = import ../lib;

  hostPlatform = lib.systems.elaborate system;

  # The layers in the order in which a later one may override an earlier one.
  layers = [
    (final: _: {
      inherit lib config overlays;
      path = ../.;
      stdenv = import ./stdenv { inherit lib config hostPlatform; };
      stdenvNoCC = final.stdenv;
      inherit (final.stdenv) hostPlatform;
      buildPlatform = hostPlatform;
      targetPlatform = hostPlatform;
      inherit (hostPlatform) system;
      callPackage = lib.callPackageWith final;
      newScope = extra: lib.callPackageWith (final // extra);
      formats = import ./formats.nix { inherit lib; pkgs = final; };
      # Tests may ask for the same set once more with other overlays.
      extend = overlay: import ./default.nix { inherit system config; overlays = overlays ++ [ overlay ]; };
      appendOverlays =
        more: import ./default.nix { inherit system config; overlays = overlays ++ more; };
    })
    (final: _: import ./trivial-builders.nix { inherit lib; pkgs = final; })
    (final: _: import ./generate.nix { inherit lib; pkgs = final; } (import ./table.nix))
    (final: _: import ./rust.nix { inherit lib; pkgs = final; })
    (final: prev: import ./aliases.nix { inherit lib final prev; })
  ]
  ++ overlays;
in
lib.fix (lib.foldl' (lib.flip lib.extends) (_: { }) layers)
