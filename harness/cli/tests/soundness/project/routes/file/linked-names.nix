{ probe.linked-names = builtins.readDir ../../links; }
