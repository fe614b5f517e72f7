{ pkgs, ... }:
{
  probe.call-package = (pkgs.callPackage ../../pkgs/tool.nix { }).drvPath;
}
