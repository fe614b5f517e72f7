# Where definitions stand in a merged list or text.
let
  ints =
    defs: lib:
    (lib.evalModules {
      modules = [ { options.o = lib.mkOption { type = lib.types.listOf lib.types.int; }; } ] ++ map (d: { o = d lib; }) defs;
    }).config.o;
in
[
  {
    name = "before, plain, after";
    about = "mkBefore is order 500, a bare definition 1000, mkAfter 1500.";
    expr = ints [ (l: l.mkAfter [ 3 ]) (_: [ 2 ]) (l: l.mkBefore [ 1 ]) ];
    expected = [ 1 2 3 ];
  }
  {
    name = "the same whichever module comes first";
    about = "Order outweighs the position of the module.";
    expr = ints [ (l: l.mkBefore [ 1 ]) (_: [ 2 ]) (l: l.mkAfter [ 3 ]) ];
    expected = [ 1 2 3 ];
  }
  {
    name = "mkOrder numbers";
    about = "Any number is a position; equal ones keep the order of definitions.";
    expr = ints [ (l: l.mkOrder 10 [ 1 ]) (l: l.mkOrder 10 [ 2 ]) (l: l.mkOrder 9 [ 3 ]) (l: l.mkOrder 999 [ 4 ]) (_: [ 5 ]) ];
    expected = [ 3 2 1 4 5 ];
  }
  {
    name = "order within priority";
    about = "mkForce around mkBefore: priority first, then order.";
    expr = ints [ (l: l.mkForce (l.mkAfter [ 2 ])) (l: l.mkForce [ 1 ]) (_: [ 9 ]) ];
    expected = [ 1 2 ];
  }
  {
    name = "priority within order is a plain value";
    about = "mkOrder around mkForce does not give a priority; the inner mark reaches the type.";
    expr = ints [ (l: l.mkBefore (l.mkForce [ 1 ])) ];
    fails = "A definition for option `o' is not of type `list of signed integer'";
  }
  {
    name = "order inside a condition and a merge";
    about = "Conditions and merges are opened before positions are compared.";
    expr = ints [ (l: l.mkIf true (l.mkAfter [ 3 ])) (l: l.mkMerge [ [ 2 ] (l.mkBefore [ 1 ]) ]) ];
    expected = [ 1 2 3 ];
  }
  {
    name = "lines in order";
    about = "Order works for text as for lists.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.o = lib.mkOption { type = lib.types.lines; }; }
        { o = lib.mkAfter "z"; }
        { o = "m"; }
        { o = lib.mkBefore "a"; }
      ];
    }).config.o;
    expected = "a\nm\nz";
  }
  {
    name = "order inside attrsOf";
    about = "Each name orders its own definitions.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.o = lib.mkOption { type = lib.types.attrsOf (lib.types.listOf lib.types.int); }; }
        { o.a = lib.mkAfter [ 2 ]; }
        { o.a = [ 1 ]; }
      ];
    }).config.o;
    expected = { a = [ 1 2 ]; };
  }
  {
    name = "imports come after the module that imports them";
    about = "Reversed: what is imported stands before what imports it, and siblings from last to first.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.o = lib.mkOption { type = lib.types.listOf lib.types.str; }; }
        { imports = [ { o = [ "a1" ]; imports = [ { o = [ "a1x" ]; } ]; } { o = [ "a2" ]; } ]; o = [ "a" ]; }
        { o = [ "b" ]; }
      ];
    }).config.o;
    expected = [ "a1x" "a2" "a1" "b" "a" ];
  }
  {
    name = "mkBefore on a set of attributes";
    about = "Order marks the definitions of types.attrs too: later ones overwrite.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.o = lib.mkOption { type = lib.types.attrs; }; }
        { o = { a = 1; }; }
        { o = lib.mkAfter { a = 2; }; }
      ];
    }).config.o;
    expected = { a = 2; };
  }
]
