{ probe.parent = builtins.readFile (../../data + "/../other/parent.txt"); }
