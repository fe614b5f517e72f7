{ probe.toml = (builtins.fromTOML (builtins.readFile ../../data/values.toml)).text; }
