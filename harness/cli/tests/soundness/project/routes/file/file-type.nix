{ probe.file-type = builtins.readFileType ../../data/kind.txt; }
