{ imports = map (file: ../../parts + "/${file}") (builtins.fromJSON (builtins.readFile ../../data/modules.json)); }
