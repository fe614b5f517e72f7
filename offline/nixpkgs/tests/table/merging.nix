# How definitions of one option become its value.
let
  config = lib: modules: (lib.evalModules { inherit modules; }).config;
  one =
    type: defs: lib:
    (config lib ([ { options.o = lib.mkOption { type = type lib; }; } ] ++ map (d: { o = d; }) defs)).o;
in
[
  {
    name = "lists join from the last module to the first";
    about = "Definitions of equal order are taken in reverse order of the modules.";
    expr = one (l: l.types.listOf l.types.int) [ [ 1 ] [ 2 ] [ 3 ] ];
    expected = [ 3 2 1 ];
  }
  {
    name = "lines join with newlines";
    about = "types.lines puts a newline between definitions, none at the end.";
    expr = one (l: l.types.lines) [ "b" "a" ];
    expected = "a\nb";
  }
  {
    name = "commas and colons";
    about = "separatedString types use their own separator.";
    expr = lib: [
      (one (l: l.types.commas) [ "b" "a" ] lib)
      (one (l: l.types.envVar) [ "b" "a" ] lib)
      (one (l: l.types.separatedString " | ") [ "b" "a" ] lib)
    ];
    expected = [ "a,b" "a:b" "a | b" ];
  }
  {
    name = "equal scalars agree";
    about = "Several definitions of one value are no conflict.";
    expr = one (l: l.types.int) [ 4 4 4 ];
    expected = 4;
  }
  {
    name = "unequal scalars conflict";
    about = "Two values of the same priority for a type that takes one.";
    expr = one (l: l.types.str) [ "a" "b" ];
    fails = "The option `o' has conflicting definition values: - In `<unknown-file>': \"b\" - In `<unknown-file>': \"a\".*Use `lib.mkForce value` or `lib.mkDefault value`";
  }
  {
    name = "unequal booleans conflict";
    about = "A boolean takes one value.";
    expr = one (l: l.types.bool) [ true false ];
    fails = "The option `o' has conflicting definition values:";
  }
  {
    name = "boolByOr";
    about = "This boolean is true when any definition is.";
    expr = lib: [ (one (l: l.types.boolByOr) [ false true ] lib) (one (l: l.types.boolByOr) [ false false ] lib) ];
    expected = [ true false ];
  }
  {
    name = "attrsOf merges by name";
    about = "Names of all definitions appear, each merged by the element type.";
    expr = one (l: l.types.attrsOf (l.types.listOf l.types.int)) [ { a = [ 1 ]; b = [ 2 ]; } { a = [ 3 ]; } ];
    expected = { a = [ 3 1 ]; b = [ 2 ]; };
  }
  {
    name = "attrs: the first module wins";
    about = "types.attrs updates in the order of definitions, so the module listed first ends up on top.";
    expr = one (l: l.types.attrs) [ { a = 1; } { a = 2; b = 3; } ];
    expected = { a = 1; b = 3; };
  }
  {
    name = "attrsOf drops what is conditional and off";
    about = "A name whose only definition is mkIf false does not exist in attrsOf.";
    expr = lib: one (l: l.types.attrsOf l.types.int) [ { a = lib.mkIf false 1; b = 2; } ] lib;
    expected = { b = 2; };
  }
  {
    name = "lazyAttrsOf keeps what is conditional and off";
    about = "The names of lazyAttrsOf are those written down; a missing value is the element's empty one.";
    expr = lib: one (l: l.types.lazyAttrsOf (l.types.nullOr l.types.int)) [ { a = lib.mkIf false 1; b = 2; } ] lib;
    expected = { a = null; b = 2; };
  }
  {
    name = "lazyAttrsOf without an empty value";
    about = "Reading a name that only a disabled definition gave is an error when the element type has no empty value.";
    expr = lib: (one (l: l.types.lazyAttrsOf l.types.int) [ { a = lib.mkIf false 1; } ] lib).a;
    fails = "The option `o.a' was accessed but has no value defined. Try setting the option.";
  }
  {
    name = "listOf drops conditional elements";
    about = "An element under mkIf false is left out of the list.";
    expr = lib: one (l: l.types.listOf l.types.int) [ [ 1 (lib.mkIf false 2) (lib.mkIf true 3) ] ] lib;
    expected = [ 1 3 ];
  }
  {
    name = "mkMerge inside a list element";
    about = "A list element is merged by the element type like any definition.";
    expr = lib: one (l: l.types.listOf (l.types.listOf l.types.int)) [ [ (lib.mkMerge [ [ 1 ] [ 2 ] ]) ] ] lib;
    expected = [ [ 1 2 ] ];
  }
  {
    name = "mkMerge keeps its order";
    about = "The contents of one mkMerge count in the order in which they are written.";
    expr = lib: one (l: l.types.listOf l.types.int) [ (lib.mkMerge [ [ 1 ] [ 2 ] (lib.mkMerge [ [ 3 ] [ 4 ] ]) ]) ] lib;
    expected = [ 1 2 3 4 ];
  }
  {
    name = "anything merges sets deeply and compares the rest";
    about = "types.anything goes into sets and wants leaves to be equal.";
    expr = one (l: l.types.anything) [ { a.b = 1; l = [ 1 ]; } { a.c = 2; l = [ 1 ]; } ];
    expected = { a = { b = 1; c = 2; }; l = [ 1 ]; };
  }
  {
    name = "anything does not join lists";
    about = "Unequal lists under types.anything conflict.";
    expr = one (l: l.types.anything) [ { l = [ 1 ]; } { l = [ 2 ]; } ];
    fails = "The option `o.l' has conflicting definition values";
  }
  {
    name = "anything of different kinds";
    about = "A set and a string cannot be one value.";
    expr = one (l: l.types.anything) [ { a = 1; } "s" ];
    fails = "The option `o' has conflicting option types in `<unknown-file>' and `<unknown-file>'";
  }
  {
    name = "anything merges functions by their results";
    about = "Functions are merged into one whose results are merged.";
    expr = lib: (one (l: l.types.anything) [ (x: { a = x; }) (x: { b = x + 1; }) ] lib) 1;
    expected = { a = 1; b = 2; };
  }
  {
    name = "anything respects priorities inside";
    about = "Properties below a value of types.anything work as they do for options.";
    expr = lib: one (l: l.types.anything) [ { a = lib.mkForce 1; b = lib.mkIf false 9; } { a = 2; } ] lib;
    expected = { a = 1; };
  }
  {
    name = "functionTo";
    about = "Functions to a mergeable type give the merge of all results.";
    expr = lib: (one (l: l.types.functionTo (l.types.listOf l.types.int)) [ (x: [ x ]) (x: [ (x * 10) ]) ] lib) 2;
    expected = [ 20 2 ];
  }
  {
    name = "unspecified merges by kind";
    about = "An option without a type joins lists, updates sets, ors booleans.";
    expr = lib: let one' = defs: (config lib ([ { options.o = lib.mkOption { }; } ] ++ map (o: { inherit o; }) defs)).o; in [
      (one' [ [ 1 ] [ 2 ] ])
      (one' [ { a = 1; } { b = 2; } ])
      (one' [ true false ])
      (one' [ "a" "b" ])
    ];
    expected = [ [ 2 1 ] { a = 1; b = 2; } true "ba" ];
  }
  {
    name = "unspecified cannot merge numbers";
    about = "Without a type two numbers have no meaning together.";
    expr = lib: (config lib [ { options.o = lib.mkOption { }; } { o = 1; } { o = 2; } ]).o;
    fails = "Cannot merge definitions of `o'. Definition values: - In `<unknown-file>': 2 - In `<unknown-file>': 1";
  }
  {
    name = "raw takes one";
    about = "types.raw is not merged at all.";
    expr = one (l: l.types.raw) [ 1 1 ];
    fails = "The option `o' is defined multiple times while it's expected to be unique";
  }
  {
    name = "unique says why";
    about = "types.unique adds its own sentence to the message.";
    expr = one (l: l.types.unique { message = "Only one of these."; } l.types.int) [ 1 1 ];
    fails = "The option `o' is defined multiple times while it's expected to be unique. Only one of these. Definition values:";
  }
  {
    name = "nullOr null and null";
    about = "Nulls alone agree.";
    expr = one (l: l.types.nullOr l.types.int) [ null null ];
    expected = null;
  }
  {
    name = "nullOr null and a value";
    about = "Null and a value of the same priority do not merge.";
    expr = one (l: l.types.nullOr l.types.int) [ null 1 ];
    fails = "The option `o` is defined both null and not null, in `<unknown-file>' and `<unknown-file>'";
  }
  {
    name = "either merges by the type that takes all";
    about = "Lists join although the type could also be a string.";
    expr = one (l: l.types.either l.types.str (l.types.listOf l.types.int)) [ [ 1 ] [ 2 ] ];
    expected = [ 2 1 ];
  }
  {
    name = "coercedTo converts before merging";
    about = "A definition of the first type becomes one of the final type.";
    expr = one (l: l.types.coercedTo l.types.int (n: [ n ]) (l.types.listOf l.types.int)) [ 1 [ 2 3 ] ];
    expected = [ 2 3 1 ];
  }
  {
    name = "apply comes last";
    about = "apply sees the merged value, and other modules see its result.";
    expr = lib: (config lib [
      { options.o = lib.mkOption { type = lib.types.int; apply = x: x + 1; }; options.p = lib.mkOption { type = lib.types.int; }; }
      ({ config, ... }: { o = 1; p = config.o * 10; })
    ]);
    expected = { o = 2; p = 20; };
  }
  {
    name = "either takes the first type that fits all";
    about = "Where both types would take the definitions, the left one merges them.";
    expr = one (l: l.types.either l.types.lines l.types.commas) [ "b" "a" ];
    expected = "a\nb";
  }
  {
    name = "singleLineStr loses its newline";
    about = "A single trailing newline is dropped from the merged string.";
    expr = one (l: l.types.singleLineStr) [ "a\n" ];
    expected = "a";
  }
]
