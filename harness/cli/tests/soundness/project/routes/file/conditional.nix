{
  probe.conditional = if import ../../data/switch.nix then builtins.readFile ../../data/on.txt else "off";
}
