# Tools to build software with, whatever the language.
{ pkgs, ... }:
{
  machine.packages.development.common = with pkgs; [
    gh
    hyperfine
    just
    nix-diff
    nixd
    nixfmt-rfc-style
    shellcheck
  ];
}
