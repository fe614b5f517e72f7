# `nix develop`: the shell to work on this repository in.
{
  perSystem =
    { pkgs, ... }:
    {
      devShells.default = pkgs.mkShell {
        packages = with pkgs; [
          cargo
          cargo-insta
          cargo-nextest
          clippy
          just
          rustc
          rustfmt
        ];
      };
    };
}
