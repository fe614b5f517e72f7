{ probe.filter-source = "${builtins.filterSource (path: type: type != "symlink") ../../src}"; }
