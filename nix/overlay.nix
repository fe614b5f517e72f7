# `pkgs.nix-parity`.
final: _: { nix-parity = final.callPackage ./package.nix { }; }
