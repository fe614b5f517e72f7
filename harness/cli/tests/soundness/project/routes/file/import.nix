{ imports = [ ../../parts/import.nix ]; }
