{ probe.json = (builtins.fromJSON (builtins.readFile ../../data/values.json)).text; }
