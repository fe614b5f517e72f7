{ probe.hash-file = builtins.hashFile "sha256" ../../data/hashed.txt; }
