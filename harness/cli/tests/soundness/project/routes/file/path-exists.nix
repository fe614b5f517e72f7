{ probe.path-exists = builtins.pathExists ../../data/optional.txt; }
