# Groups of systems for `meta.platforms`.
{ lib }:
{
  inherit (lib.systems.doubles)
    all
    aarch64
    darwin
    linux
    unix
    x86_64
    ;
  none = [ ];
  x86_64-darwin = [ "x86_64-darwin" ];
  x86 = lib.filter (s: lib.hasPrefix "x86_64-" s || lib.hasPrefix "i686-" s) lib.systems.doubles.all;
}
