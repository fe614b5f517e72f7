{ probe.dir-of = builtins.readFile (dirOf ../../data/sub/anchor.txt + "/neighbour.txt"); }
