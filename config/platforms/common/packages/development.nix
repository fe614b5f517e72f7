# Tools to build software with.
{ pkgs, ... }:
{
  environment.systemPackages = with pkgs; [
    cargo-nextest
    gh
    hyperfine
    just
    nixd
    nixfmt-rfc-style
    rustup
    shellcheck
    uv
  ];
}
