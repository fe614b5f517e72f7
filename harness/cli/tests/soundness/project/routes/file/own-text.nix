# A file that reads itself: value1
{ probe.own-text = builtins.readFile ./own-text.nix; }
