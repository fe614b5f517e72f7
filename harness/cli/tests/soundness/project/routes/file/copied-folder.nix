{ probe.copied-folder = import "${../../copied}/default.nix"; }
