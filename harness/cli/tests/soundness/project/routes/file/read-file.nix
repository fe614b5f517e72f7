{ probe.read-file = builtins.readFile ../../data/read.txt; }
