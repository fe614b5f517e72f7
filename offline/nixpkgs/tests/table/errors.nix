# What is said when a configuration is wrong.
let
  config = lib: modules: (lib.evalModules { inherit modules; }).config;
  decl = opts: lib: { _file = "decl.nix"; options = opts lib lib.mkOption lib.types; };
in
[
  {
    name = "option does not exist";
    about = "A definition without a declaration, with its file and value.";
    expr = lib: config lib [ (decl (_: mk: t: { some.option = mk { type = t.int; default = 1; }; }) lib) { _file = "def.nix"; other.thing = [ 1 "a" ]; } ];
    fails = "The option `other' does not exist. Definition values: - In `def.nix': \\{ thing = \\[ 1 \"a\" \\]; \\.\\.\\.";
  }
  {
    name = "option does not exist below a known path";
    about = "The path is followed as far as declarations go.";
    expr = lib: config lib [ (decl (_: mk: t: { a.b.c = mk { default = 1; }; }) lib) { _file = "def.nix"; a.b.xxxxxxxx = true; } ];
    fails = "The option `a.b.xxxxxxxx' does not exist. Definition values: - In `def.nix': true";
  }
  {
    name = "did you mean";
    about = "The nearest names beside the one that does not exist are offered.";
    expr = lib: config lib [ (decl (_: mk: t: { services.openssh = mk { default = 1; }; services.nothingalike = mk { default = 1; }; }) lib) { services.opensh = 2; } ];
    fails = "The option `services.opensh' does not exist. Definition values: - In `<unknown-file>': 2 Did you mean `services.openssh'";
    since = "takeEnd";
  }
  {
    name = "option placed into config";
    about = "A module that puts a declaration among its definitions is told so.";
    expr = lib: config lib [ { o = lib.mkOption { }; } ];
    fails = "It seems as if you're trying to declare an option by placing it into `config' rather than `options'!";
  }
  {
    name = "no options inside a submodule";
    about = "The same mistake inside a submodule.";
    expr = lib: (config lib [ { options.o = lib.mkOption { type = lib.types.submodule { config = { }; }; }; } { o.x = 1; } ]).o.x;
    fails = "The option `o.x' does not exist.*However there are no options defined in `o'. Are you sure you've declared your options properly\\?";
  }
  {
    name = "wrong type";
    about = "Name, type, file and value.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.bool; }; }) lib) { _file = "def.nix"; o = "yes"; } ]).o;
    fails = "A definition for option `o' is not of type `boolean'. Definition values: - In `def.nix': \"yes\"";
  }
  {
    name = "wrong type shows only the wrong definitions";
    about = "Definitions that fit are not listed.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.listOf t.int; }; }) lib) { _file = "good.nix"; o = [ 1 ]; } { _file = "bad.nix"; o = 1; } ]).o;
    fails = "is not of type `list of signed integer'. (TypeError: )?Definition values: - In `bad.nix': 1 *$";
  }
  {
    name = "wrong type of an either";
    about = "The description of the whole choice is named.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.either t.int t.str; }; }) lib) { _file = "def.nix"; o = true; } ]).o;
    fails = "A definition for option `o' is not of type `signed integer or string'.*In `def.nix': true";
  }
  {
    name = "wrong enum value";
    about = "All choices are named.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.enum [ "a" "b" ]; }; }) lib) { _file = "def.nix"; o = "c"; } ]).o;
    fails = "A definition for option `o' is not of type `one of \"a\", \"b\"'. Definition values: - In `def.nix': \"c\"";
  }
  {
    name = "conflict names all sides";
    about = "Conflicting definitions with their files.";
    expr = lib: (config lib [ (decl (_: mk: t: { a.b = mk { type = t.int; }; }) lib) { _file = "one.nix"; a.b = 1; } { _file = "two.nix"; a.b = 2; } ]).a.b;
    fails = "The option `a.b' has conflicting definition values: - In `two.nix': 2 - In `one.nix': 1 Use `lib.mkForce value`";
  }
  {
    name = "no value";
    about = "An option that is read without ever having been set.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; }; }) lib) ]).o;
    fails = "The option `o' was accessed but has no value defined. Try setting the option.";
  }
  {
    name = "read-only set";
    about = "A read-only option with a default cannot be set.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; default = 1; readOnly = true; }; }) lib) { _file = "def.nix"; o = 2; } ]).o;
    fails = "The option `o' is read-only, but it's set multiple times. Definition values: - In `decl.nix': 1 - In `def.nix': 2";
  }
  {
    name = "read-only once";
    about = "Without default a read-only option takes one definition.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; readOnly = true; }; }) lib) { o = 2; } ]).o;
    expected = 2;
  }
  {
    name = "default declared twice";
    about = "Two declarations may not both give a default.";
    expr = lib: (config lib [ { _file = "a.nix"; options.o = lib.mkOption { default = 1; }; } { _file = "b.nix"; options.o = lib.mkOption { default = 2; }; } ]).o;
    fails = "The option `o' in `(a|b).nix' is already declared in `(a|b).nix'.";
  }
  {
    name = "type given as an option";
    about = "A bare type where an option declaration belongs.";
    expr = lib: (config lib [ { _file = "a.nix"; options.o = lib.types.int; } ]).o;
    fails = "In module a.nix: expected an option declaration at option path `o` but got an attribute set with type option-type.*you must wrap the type in a `mkOption` call";
  }
  {
    name = "value given as a set of options";
    about = "Something else than a set among the declarations.";
    expr = lib: (config lib [ { _file = "a.nix"; options.a.b = 1; } ]).a;
    fails = "An option declaration for `a.b' has type `int' rather than an attribute set. Did you mean to define this outside of `options'\\?";
  }
  {
    name = "a value where options are below";
    about = "A definition that is no set at a path with options below it.";
    expr = lib: (config lib [ (decl (_: mk: t: { a.b = mk { default = 1; }; }) lib) { _file = "def.nix"; a = 3; } ]).a.b;
    fails = "In module `def.nix', you're trying to define a value of type `int' rather than an attribute set for the option `a'!";
  }
  {
    name = "attributes beside config";
    about = "With config or options in a module, definitions cannot stand beside them.";
    expr = lib: config lib [ { config = { }; services = { }; } ];
    fails = "Module `:anon-1' has an unsupported attribute `services'. This is caused by introducing a top-level `config' or `options' attribute.";
  }
  {
    name = "not a module";
    about = "A number is no module.";
    expr = lib: config lib [ { imports = [ (_: 3) ]; } ];
    fails = "does not look like a module";
  }
  {
    name = "a list as a module";
    about = "imports may not be nested.";
    expr = lib: config lib [ { _file = "f.nix"; imports = [ [ { } ] ]; } ];
    fails = "Module imports can't be nested lists. Perhaps you meant to remove one level of lists\\? Definitions: - In `f.nix': \\[ \\{ \\} \\]";
  }
  {
    name = "an option as a module";
    about = "Values marked with another type are refused by name.";
    expr = lib: config lib [ (lib.mkOption { }) ];
    fails = "Expected a module, but found a value of type \"option\"";
  }
  {
    name = "a configuration as a module";
    about = "The result of an evaluation is no module.";
    expr = lib: config lib [ (lib.evalModules { modules = [ ]; }) ];
    fails = "Expected a module, but found a value of type \"configuration\"";
  }
  {
    name = "condition that is no boolean";
    about = "mkIf wants true or false.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; }; }) lib) { o = lib.mkIf "yes" 1; } ]).o;
    fails = "‘mkIf’ called with a non-Boolean condition";
  }
  {
    name = "missing argument";
    about = "A module that asks for what nobody gives.";
    expr = lib: (config lib [ ({ nowhere, ... }: { options.o = lib.mkOption { default = nowhere; }; }) ]).o;
    fails = "attribute 'nowhere' missing";
  }
  {
    name = "argument used for imports";
    about = "imports that need the configuration run in circles.";
    expr = lib: config lib [ ({ config, ... }: { imports = if config.o then [ ] else [ { } ]; options.o = lib.mkOption { default = true; }; }) ];
    fails = "infinite recursion";
  }
  {
    name = "mkAssert";
    about = "A definition that insists on a condition.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; }; }) lib) { o = lib.mkAssert false "must hold" 1; } ]).o;
    fails = "Failed assertion: must hold";
  }
  {
    name = "removed option";
    about = "A removed option, when set, fails an assertion that says what to do.";
    expr = lib: map (a: { inherit (a) assertion; message = lib.hasPrefix "The option definition `old.thing' in `def.nix' no longer has any effect; please remove it.\nUse new." a.message; }) (config lib [
      { options.assertions = lib.mkOption { type = lib.types.listOf lib.types.raw; }; }
      (lib.mkRemovedOptionModule [ "old" "thing" ] "Use new.")
      { _file = "def.nix"; old.thing = 1; }
    ]).assertions;
    expected = [ { assertion = false; message = true; } ];
  }
  {
    name = "removed option that is read";
    about = "Reading it is an error of its own.";
    expr = lib: (config lib [
      { options.assertions = lib.mkOption { type = lib.types.listOf lib.types.raw; }; }
      (lib.mkRemovedOptionModule [ "old" "thing" ] "Use new.")
      { old.thing = 1; }
    ]).old.thing;
    fails = "The option `old.thing' can no longer be used since it's been removed. Use new.";
  }
  {
    name = "long values are cut";
    about = "A definition in a message takes five lines at most.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; }; }) lib) { o = [ 1 2 3 4 5 6 7 8 9 ]; } ]).o;
    fails = "In `<unknown-file>': \\[ 1 2 3 4 \\.\\.\\.";
  }
  {
    name = "values that fail themselves are left out";
    about = "A message is given even when the value cannot be shown.";
    expr = lib: (config lib [ (decl (_: mk: t: { o = mk { type = t.int; }; }) lib) { _file = "def.nix"; o = { a = throw "inner"; }; } ]).o;
    fails = "is not of type `signed integer'. Definition values: - In `def.nix' *$";
  }
  {
    name = "names that need quotes";
    about = "Paths in messages are written as one would write them in Nix.";
    expr = lib: (config lib [ (decl (_: mk: t: { "a.b"."c d".e-f = mk { type = t.int; }; }) lib) ])."a.b"."c d".e-f;
    fails = "The option `\"a.b\".\"c d\".e-f' was accessed";
  }
]
