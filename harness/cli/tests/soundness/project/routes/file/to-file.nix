{ probe.to-file = builtins.toFile "written" (builtins.readFile ../../data/to-file.txt); }
