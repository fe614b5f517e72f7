{ probe.chosen-by-file = import (./. + "/../../parts/${builtins.readFile ../../data/choice}.nix"); }
