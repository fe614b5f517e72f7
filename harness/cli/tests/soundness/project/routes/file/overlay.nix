{ lib, pkgs, options, ... }:
{
  nixpkgs.overlays = [ (import ../../overlays/tool.nix) ];
  probe.overlay = pkgs.overlaid.drvPath;
}
