{ probe.appended = builtins.readFile (../../data + "/appended.txt"); }
