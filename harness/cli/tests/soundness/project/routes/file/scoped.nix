{ probe.scoped = builtins.scopedImport { given = "given"; } ../../parts/scoped.nix; }
