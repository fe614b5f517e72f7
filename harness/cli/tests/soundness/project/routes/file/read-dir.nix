{ lib, ... }:
let
  entries = builtins.readDir ../../modules;
in
{
  imports = map (file: ../../modules + "/${file}") (
    builtins.filter (lib.hasSuffix ".nix") (builtins.attrNames entries)
  );
  probe.read-dir = builtins.toJSON entries;
}
