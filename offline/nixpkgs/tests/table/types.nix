# What each type takes, what it is called, and how types of two declarations merge.
let
  accepts =
    type: values: lib:
    map (type lib).check (values lib);
  describe = type: lib: (type lib).description;
  # Two declarations of one option, one of each type.
  both =
    a: b: defs: lib:
    (lib.evalModules {
      modules = [
        { _file = "a.nix"; options.o = lib.mkOption { type = a lib; }; }
        { _file = "b.nix"; options.o = lib.mkOption { type = b lib; }; }
      ] ++ map (o: { inherit o; }) defs;
    }).config.o;
  one =
    type: def: lib:
    (lib.evalModules { modules = [ { options.o = lib.mkOption { type = type lib; }; } { _file = "def.nix"; o = def; } ]; }).config.o;
  taking =
    name: about: type: values: expected:
    {
      inherit name about expected;
      expr = accepts type values;
    };
  called =
    description: type: {
      name = "description: ${description}";
      about = "The wording of the type in messages and manuals.";
      expr = describe type;
      expected = description;
    };
in
[
  (taking "bool" "Only booleans." (l: l.types.bool) (_: [ true 1 "true" null ]) [ true false false false ])
  (taking "int" "Integers, no floats." (l: l.types.int) (_: [ 1 (-1) 1.0 "1" ]) [ true true false false ])
  (taking "float and number" "number is either of both." (l: l.types.number) (_: [ 1 1.5 "1" ]) [ true true false ])
  (taking "ints.unsigned" "Zero and up." (l: l.types.ints.unsigned) (_: [ 0 1 (-1) ]) [ true true false ])
  (taking "ints.positive" "One and up." (l: l.types.ints.positive) (_: [ 0 1 ]) [ false true ])
  (taking "ints.between" "Both ends included." (l: l.types.ints.between 2 4) (_: [ 1 2 4 5 ]) [ false true true false ])
  (taking "ints.u8" "0 to 255." (l: l.types.ints.u8) (_: [ (-1) 0 255 256 ]) [ false true true false ])
  (taking "ints.s8" "-128 to 127." (l: l.types.ints.s8) (_: [ (-129) (-128) 127 128 ]) [ false true true false ])
  (taking "ints.u16 and port" "0 to 65535." (l: l.types.port) (_: [ 0 65535 65536 ]) [ true true false ])
  (taking "ints.s32" "Two's complement of 32 bits." (l: l.types.ints.s32) (_: [ (-2147483648) 2147483647 2147483648 ]) [ true true false ])
  (taking "numbers.nonnegative" "Integers or floats from zero." (l: l.types.numbers.nonnegative) (_: [ 0 0.5 (-0.5) ]) [ true true false ])
  (taking "numbers.between" "Integers or floats, both ends included." (l: l.types.numbers.between 0 1.5) (_: [ 0 1.5 1.6 ]) [ true true false ])
  (taking "str" "Strings; not paths or numbers." (l: l.types.str) (_: [ "" "a" 1 ./types.nix ]) [ true true false false ])
  (taking "nonEmptyStr" "White space alone is empty." (l: l.types.nonEmptyStr) (_: [ "a" "" " \n" ]) [ true false false ])
  (taking "singleLineStr" "At most a trailing newline." (l: l.types.singleLineStr) (_: [ "a" "a\n" "a\nb" ]) [ true true false ])
  (taking "strMatching" "The whole string has to match." (l: l.types.strMatching "[a-c]+") (_: [ "abc" "abcd" ]) [ true false ])
  (taking "path" "Absolute paths, as path or string." (l: l.types.path) (_: [ ./types.nix "/a" "a" 1 { outPath = "/x"; } ]) [ true true false false true ])
  (taking "pathInStore" "Below the store, not the store itself or hidden files in it." (l: l.types.pathInStore) (_: map (p: builtins.storeDir + p) [ "/0lz9p8xhf89kb1c1kk6jxrzskaiygnlh-bash" "" "/" "/.links" ]) [ true false false false ])
  (taking "package" "Derivations and store paths." (l: l.types.package) (_: [ { type = "derivation"; } "${builtins.storeDir}/0lz9p8xhf89kb1c1kk6jxrzskaiygnlh-bash" "/bin/sh" { } ]) [ true true false false ])
  (taking "shellPackage" "A package that says where its shell is." (l: l.types.shellPackage) (_: [ { type = "derivation"; shellPath = "/bin/fish"; } { type = "derivation"; } ]) [ true false ])
  (taking "enum" "One of the values." (l: l.types.enum [ "a" 1 null ]) (_: [ "a" 1 null "b" ]) [ true true true false ])
  (taking "listOf looks at the list only" "Elements are checked when they are merged." (l: l.types.listOf l.types.int) (_: [ [ "no" ] "no" ]) [ true false ])
  (taking "nonEmptyListOf" "At least one element." (l: l.types.nonEmptyListOf l.types.int) (_: [ [ ] [ 1 ] ]) [ false true ])
  (taking "nullOr" "Null or the inner type." (l: l.types.nullOr l.types.int) (_: [ null 1 "" ]) [ true true false ])
  (taking "either and oneOf" "Any of them." (l: l.types.oneOf [ l.types.int l.types.str l.types.bool ]) (_: [ 1 "a" true null ]) [ true true true false ])
  (taking "coercedTo" "What can be converted or already is the final type." (l: l.types.coercedTo l.types.int toString l.types.str) (_: [ 1 "a" true ]) [ true true false ])
  (taking "functionTo" "Functions and what calls like one." (l: l.types.functionTo l.types.int) (_: [ (x: x) { __functor = _: x: x; } 1 ]) [ true true false ])
  (taking "submodule" "Sets, functions and files." (l: l.types.submodule { }) (_: [ { } (_: { }) ./types.nix 1 ]) [ true true true false ])
  (taking "deferredModule" "Sets, functions and files." (l: l.types.deferredModule) (_: [ { } (_: { }) ./types.nix 1 ]) [ true true true false ])
  (taking "optionType" "A type itself." (l: l.types.optionType) (l: [ l.types.int 1 ]) [ true false ])
  (taking "passwdEntry" "A field of the password file holds no colon or newline." (l: l.types.passwdEntry l.types.str) (_: [ "ok" "a:b" "a\nb" ]) [ true false false ])
  (taking "pkgs" "A package set is marked as one." (l: l.types.pkgs) (_: [ { _type = "pkgs"; } { } ]) [ true false ])
  (taking "addCheck" "A condition on top of the type's own." (l: l.types.addCheck l.types.int (x: x > 3)) (_: [ 4 3 "4" ]) [ true false false ])
  (taking "attrTag" "Exactly one tag, and a known one." (l: l.types.attrTag { a = l.mkOption { type = l.types.int; }; }) (_: [ { a = 1; } { b = 1; } { } ]) [ true false false ])
  (called "boolean" (l: l.types.bool))
  (called "signed integer" (l: l.types.int))
  (called "unsigned integer, meaning >=0" (l: l.types.ints.unsigned))
  (called "positive integer, meaning >0" (l: l.types.ints.positive))
  (called "integer between 1 and 5 (both inclusive)" (l: l.types.ints.between 1 5))
  (called "16 bit unsigned integer; between 0 and 65535 (both inclusive)" (l: l.types.port))
  (called "8 bit signed integer; between -128 and 127 (both inclusive)" (l: l.types.ints.s8))
  (called "signed integer or floating point number" (l: l.types.number))
  (called "string" (l: l.types.str))
  (called "non-empty string" (l: l.types.nonEmptyStr))
  (called "(optionally newline-terminated) single-line string" (l: l.types.singleLineStr))
  (called "string matching the pattern a+" (l: l.types.strMatching "a+"))
  (called "strings concatenated with \"\\n\"" (l: l.types.lines))
  (called "strings concatenated with \",\"" (l: l.types.commas))
  (called "null or string" (l: l.types.nullOr l.types.str))
  (called "null or (unsigned integer, meaning >=0)" (l: l.types.nullOr l.types.ints.unsigned))
  (called "list of string" (l: l.types.listOf l.types.str))
  (called "list of (null or string)" (l: l.types.listOf (l.types.nullOr l.types.str)))
  (called "list of attribute set of package" (l: l.types.listOf (l.types.attrsOf l.types.package)))
  (called "non-empty (list of signed integer)" (l: l.types.nonEmptyListOf l.types.int))
  (called "lazy attribute set of (null or signed integer)" (l: l.types.lazyAttrsOf (l.types.nullOr l.types.int)))
  (called "attribute set" (l: l.types.attrs))
  (called "one of \"a\", 1, true" (l: l.types.enum [ "a" 1 true ]))
  (called "value \"a\" (singular enum)" (l: l.types.enum [ "a" ]))
  (called "string or list of string" (l: l.types.either l.types.str (l.types.listOf l.types.str)))
  (called "unsigned integer, meaning >=0, or string" (l: l.types.either l.types.ints.unsigned l.types.str))
  (called "string or signed integer convertible to it" (l: l.types.coercedTo l.types.int toString l.types.str))
  (called "function that evaluates to a(n) list of string" (l: l.types.functionTo (l.types.listOf l.types.str)))
  (called "submodule" (l: l.types.submodule { }))
  (called "attribute set of (submodule)" (l: l.types.attrsOf (l.types.submodule { })))
  (called "absolute path" (l: l.types.path))
  (called "module" (l: l.types.deferredModule))
  (called "anything" (l: l.types.anything))
  (called "raw value" (l: l.types.raw))
  (called "package" (l: l.types.package))
  {
    name = "newer descriptions";
    about = "A freeform submodule says that it is open, a tagged union lists its tags.";
    expr = lib: with lib.types; map (t: t.description) [ (submodule { freeformType = attrsOf int; }) (attrTag { a = lib.mkOption { }; b = lib.mkOption { }; }) ];
    expected = [ "open submodule of attribute set of signed integer" "attribute-tagged union with choices: a, b" ];
    since = "takeEnd";
  }
  {
    name = "type names";
    about = "Names by which types merge and tools tell them apart.";
    expr = lib: with lib.types; map (t: t.name) [ bool str (listOf str) (attrsOf str) (lazyAttrsOf str) (nullOr str) (either str int) (enum [ ]) (submodule { }) path package anything raw lines (strMatching "a") port (coercedTo int toString str) (uniq int) deferredModule (functionTo int) ];
    expected = [ "bool" "str" "listOf" "attrsOf" "lazyAttrsOf" "nullOr" "either" "enum" "submodule" "path" "package" "anything" "raw" "separatedString" "strMatching \"a\"" "unsignedInt16" "coercedTo" "unique" "deferredModule" "functionTo" ];
  }
  {
    name = "enums add up";
    about = "An enum declared twice takes the values of both.";
    expr = both (l: l.types.enum [ "a" ]) (l: l.types.enum [ "b" ]) [ "b" ];
    expected = "b";
  }
  {
    name = "containers merge by their elements";
    about = "listOf enum and listOf enum become listOf of the joint enum.";
    expr = both (l: l.types.listOf (l.types.enum [ "a" ])) (l: l.types.listOf (l.types.enum [ "b" ])) [ [ "a" "b" ] ];
    expected = [ "a" "b" ];
  }
  {
    name = "either merges side by side";
    about = "Both halves must merge.";
    expr = both (l: l.types.either l.types.int (l.types.enum [ "a" ])) (l: l.types.either l.types.int (l.types.enum [ "b" ])) [ "b" ];
    expected = "b";
  }
  {
    name = "nullOr merges";
    about = "nullOr of mergeable types is nullOr of the merge.";
    expr = both (l: l.types.nullOr (l.types.enum [ "a" ])) (l: l.types.nullOr (l.types.enum [ "b" ])) [ "b" ];
    expected = "b";
  }
  {
    name = "same simple types merge";
    about = "Declaring str twice is fine.";
    expr = both (l: l.types.str) (l: l.types.str) [ "x" ];
    expected = "x";
  }
  {
    name = "different types do not merge";
    about = "The second declaration is refused and the first one named.";
    expr = both (l: l.types.str) (l: l.types.int) [ "x" ];
    fails = "The option `o' in `(a|b).nix' is already declared in `(a|b).nix'";
  }
  {
    name = "different separators do not merge";
    about = "lines and commas have one name and another separator.";
    expr = both (l: l.types.lines) (l: l.types.commas) [ "x" ];
    fails = "The option `o' in `(a|b).nix' is already declared in `(a|b).nix'";
  }
  {
    name = "coercedTo does not merge";
    about = "Conversions cannot be compared.";
    expr = both (l: l.types.coercedTo l.types.int toString l.types.str) (l: l.types.coercedTo l.types.int toString l.types.str) [ "x" ];
    fails = "already declared in";
  }
  {
    name = "attrsOf and lazyAttrsOf do not merge";
    about = "Laziness is part of the type.";
    expr = both (l: l.types.attrsOf l.types.int) (l: l.types.lazyAttrsOf l.types.int) [ { } ];
    fails = "already declared in";
  }
  {
    name = "emptyValue";
    about = "What containers put where only disabled definitions stand.";
    expr = lib: with lib.types; map (t: t.emptyValue) [ (listOf int) (attrsOf int) (nullOr int) int (submodule { }) attrs (nonEmptyListOf int) ];
    expected = [ { value = [ ]; } { value = { }; } { value = null; } { } { value = { }; } { value = { }; } { } ];
  }
  {
    name = "nestedTypes";
    about = "The types inside a type are there to be looked at.";
    expr = lib: with lib.types; [ (listOf int).nestedTypes.elemType.name (nullOr str).nestedTypes.elemType.name (either int str).nestedTypes.right.name (coercedTo int toString str).nestedTypes.coercedType.name ];
    expected = [ "int" "str" "str" "int" ];
  }
  {
    name = "attrTag gives the tagged value";
    about = "The value under the tag is merged as the option declared for it.";
    expr = lib: one (l: l.types.attrTag { a = l.mkOption { type = l.types.listOf l.types.int; }; }) { a = [ 1 ]; } lib;
    expected = { a = [ 1 ]; };
  }
  {
    name = "package from a store path";
    about = "A store path given as a string becomes something that looks like a derivation.";
    expr = lib: (one (l: l.types.package) (builtins.unsafeDiscardStringContext (builtins.toFile "thing" "")) lib).name;
    expected = "thing";
  }
  {
    name = "element of the wrong type";
    about = "The message names the position of the element in the list.";
    expr = one (l: l.types.listOf l.types.int) [ 1 "x" ];
    fails = "A definition for option `o.\"\\[definition 1-entry 2\\]\"' is not of type `signed integer'. Definition values: - In `def.nix': \"x\"";
  }
  {
    name = "mkOptionType";
    about = "A type of one's own: check, merge and name as given, the rest filled in.";
    expr = lib: let t = lib.mkOptionType { name = "even"; check = x: lib.mod x 2 == 0; merge = _: defs: lib.length defs; }; in [ t.description t._type (t.check 3) (one (_: t) 4 lib) (t.getSubOptions [ ]) ];
    expected = [ "even" "option-type" false 1 { } ];
  }
]
