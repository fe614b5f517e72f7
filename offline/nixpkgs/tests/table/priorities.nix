# Which definitions survive.
let
  one =
    opt: defs: lib:
    (lib.evalModules {
      modules = [ { options.o = lib.mkOption (opt lib); } ] ++ map (d: { o = d lib; }) defs;
    }).options.o;
  ints = lib: { type = lib.types.listOf lib.types.int; };
  int = lib: { type = lib.types.int; };
  withDefault = lib: { type = lib.types.int; default = 0; };
in
[
  {
    name = "a definition beats the default";
    about = "An option's default counts as mkOptionDefault.";
    expr = lib: (one withDefault [ (_: 1) ] lib).value;
    expected = 1;
  }
  {
    name = "the default alone";
    about = "Without definitions the default is the value, of priority 1500.";
    expr = lib: let o = one withDefault [ ] lib; in [ o.value o.highestPrio o.isDefined ];
    expected = [ 0 1500 true ];
  }
  {
    name = "mkDefault beats the default";
    about = "mkDefault has priority 1000.";
    expr = lib: let o = one withDefault [ (l: l.mkDefault 2) ] lib; in [ o.value o.highestPrio ];
    expected = [ 2 1000 ];
  }
  {
    name = "plain beats mkDefault";
    about = "A bare definition has priority 100.";
    expr = lib: let o = one withDefault [ (l: l.mkDefault 2) (_: 3) ] lib; in [ o.value o.highestPrio ];
    expected = [ 3 100 ];
  }
  {
    name = "mkForce beats plain";
    about = "mkForce has priority 50.";
    expr = lib: let o = one int [ (l: l.mkForce 4) (_: 3) ] lib; in [ o.value o.highestPrio ];
    expected = [ 4 50 ];
  }
  {
    name = "mkVMOverride beats mkForce";
    about = "mkVMOverride has priority 10, mkImageMediaOverride 60.";
    expr = lib: let o = one int [ (l: l.mkForce 4) (l: l.mkVMOverride 5) (l: l.mkImageMediaOverride 6) ] lib; in [ o.value o.highestPrio ];
    expected = [ 5 10 ];
  }
  {
    name = "mkImageMediaOverride lies between plain and mkForce";
    about = "Priority 60.";
    expr = lib: [
      (one int [ (_: 1) (l: l.mkImageMediaOverride 6) ] lib).value
      (one int [ (l: l.mkForce 4) (l: l.mkImageMediaOverride 6) ] lib).value
    ];
    expected = [ 6 4 ];
  }
  {
    name = "equal priorities merge";
    about = "All definitions of the strongest priority that occurs take part.";
    expr = lib: (one ints [ (l: l.mkForce [ 1 ]) (_: [ 2 ]) (l: l.mkForce [ 3 ]) ] lib).value;
    expected = [ 3 1 ];
  }
  {
    name = "two forced scalars conflict";
    about = "mkForce twice is a conflict at its own level.";
    expr = lib: (one int [ (l: l.mkForce 1) (l: l.mkForce 2) ] lib).value;
    fails = "The option `o' has conflicting definition values:";
  }
  {
    name = "the innermost override stays";
    about = "Only one layer of override is taken off; what is inside it is a value.";
    expr = lib: (one (l: { type = l.types.raw; }) [ (l: l.mkForce (l.mkDefault 1)) ] lib).value.priority;
    expected = 1000;
  }
  {
    name = "an override inside a condition";
    about = "mkIf is opened first, so the priority inside it counts.";
    expr = lib: (one int [ (l: l.mkIf true (l.mkForce 1)) (_: 2) ] lib).value;
    expected = 1;
  }
  {
    name = "an override that is switched off";
    about = "A disabled definition has no priority.";
    expr = lib: let o = one int [ (l: l.mkIf false (l.mkForce 1)) (_: 2) ] lib; in [ o.value o.highestPrio ];
    expected = [ 2 100 ];
  }
  {
    name = "mkForce over a set reaches its options";
    about = "A property around a set of options is pushed down to each of them.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.a.b = lib.mkOption { type = lib.types.int; }; options.a.c = lib.mkOption { type = lib.types.int; }; }
        { a = lib.mkForce { b = 1; c = 1; }; }
        { a.b = 2; }
        { a = lib.mkDefault { c = 2; }; }
      ];
    }).config;
    expected = { a = { b = 1; c = 1; }; };
  }
  {
    name = "priorities by name in attrsOf";
    about = "Each name of an attrsOf has priorities of its own.";
    expr = lib: (one (l: { type = l.types.attrsOf l.types.int; }) [ (l: { a = l.mkForce 1; b = 1; }) (_: { a = 2; }) ] lib).value;
    expected = { a = 1; b = 1; };
  }
  {
    name = "forcing the whole attrsOf";
    about = "mkForce around the set drops the names that weaker definitions gave.";
    expr = lib: (one (l: { type = l.types.attrsOf l.types.int; }) [ (l: l.mkForce { a = 1; }) (_: { b = 2; }) ] lib).value;
    expected = { a = 1; };
  }
  {
    name = "a default inside attrsOf merges by name";
    about = "Names of the option's default vanish as soon as there is a definition.";
    expr = lib: (one (l: { type = l.types.attrsOf l.types.int; default = { z = 9; }; }) [ (_: { a = 1; }) ] lib).value;
    expected = { a = 1; };
  }
  {
    name = "definitions that lost are gone";
    about = "definitionsWithLocations holds exactly what survived.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.o = lib.mkOption { type = lib.types.int; default = 0; }; }
        { _file = "weak.nix"; o = lib.mkDefault 1; }
        { _file = "strong.nix"; o = 2; }
        { _file = "off.nix"; o = lib.mkIf false 3; }
      ];
    }).options.o.definitionsWithLocations;
    expected = [ { file = "strong.nix"; value = 2; } ];
  }
  {
    name = "mkOverride numbers";
    about = "Any number may be a priority; the smaller one wins.";
    expr = lib: (one int [ (l: l.mkOverride 99 1) (_: 2) (l: l.mkOverride 101 3) ] lib).value;
    expected = 1;
  }
]
