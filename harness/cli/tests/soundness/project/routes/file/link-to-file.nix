{ probe.link-to-file = builtins.readFile ../../links/file; }
