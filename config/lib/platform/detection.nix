# What a system double says about the machine. It needs no package set, so that modules can already
# decide with it what to import.
{ lib }:
system: rec {
  inherit system;
  isDarwin = lib.hasSuffix "-darwin" system;
  isNixOS = lib.hasSuffix "-linux" system;
  isAarch64 = lib.hasPrefix "aarch64-" system;
  isX86_64 = lib.hasPrefix "x86_64-" system;
  name = if isDarwin then "darwin" else "nixos";
}
