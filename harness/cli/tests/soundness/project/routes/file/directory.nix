{ imports = [ ../../parts/directory ]; }
