# The shell to work on this repository in.
{ pkgs }:
pkgs.mkShell {
  packages = with pkgs; [
    cargo
    cargo-insta
    cargo-nextest
    clippy
    just
    rustc
    rustfmt
  ];
}
