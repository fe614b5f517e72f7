{ probe.attribute-position = (builtins.unsafeGetAttrPos "a" (import ../../data/positions.nix)).line; }
