{ probe.pointer = builtins.readFile (../../. + "/${(builtins.fromJSON (builtins.readFile ../../data/pointer.json)).path}"); }
