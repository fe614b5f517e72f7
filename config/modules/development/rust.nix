# machine.development.rust: the toolchains of rustup, and what a Rust project is checked with.
{ config, lib, pkgs, ... }:
{
  options.machine.development.rust.enable = lib.mkEnableOption "what Rust is written with";

  config = lib.mkIf config.machine.development.rust.enable {
    machine.packages.rust.common = with pkgs; [
      cargo-audit
      cargo-deny
      cargo-insta
      cargo-nextest
      rustup
    ];
    environment.variables = {
      CARGO_NET_GIT_FETCH_WITH_CLI = "true";
      RUST_BACKTRACE = "1";
    };
  };
}
