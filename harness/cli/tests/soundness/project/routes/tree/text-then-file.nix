{ probe.text-then-file = builtins.readFile (toString ../../data + "/read.txt"); }
