{ lib, ... }:
{
  imports = lib.optional (builtins.pathExists ../../local.nix) ../../local.nix;
  probe.optional-module = lib.mkDefault "absent";
}
