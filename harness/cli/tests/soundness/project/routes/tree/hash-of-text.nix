{ probe.hash-of-text = builtins.hashString "sha256" (toString ../../data); }
