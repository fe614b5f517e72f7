# How modules find their way into an evaluation, or are kept out of it.
let
  l = lib: modules: (lib.evalModules { modules = [ { options.l = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; }; } ] ++ modules; }).config.l;
in
[
  {
    name = "a path";
    about = "A path is imported.";
    expr = lib: l lib [ ../fixtures/leaf.nix ];
    expected = [ "leaf" ];
  }
  {
    name = "a path as a string";
    about = "A string with an absolute path is imported too.";
    expr = lib: l lib [ (toString ../fixtures/leaf.nix) ];
    expected = [ "leaf" ];
  }
  {
    name = "a file once";
    about = "However often and however spelled, a file counts once.";
    expr = lib: l lib [ ../fixtures/leaf.nix ../fixtures/leaf-twice.nix (toString ../fixtures/leaf.nix) ];
    expected = [ "leaf" ];
  }
  {
    name = "anonymous modules each time";
    about = "A set has no identity, so two equal ones both count.";
    expr = lib: l lib [ { l = [ "a" ]; } { l = [ "a" ]; } ];
    expected = [ "a" "a" ];
  }
  {
    name = "keys give identity";
    about = "Modules of one key count once, the first of them.";
    expr = lib: l lib [ { key = "k"; l = [ "first" ]; } { key = "k"; l = [ "second" ]; } ];
    expected = [ "first" ];
  }
  {
    name = "disabled by path";
    about = "A module named by its path is left out, whoever imports it.";
    expr = lib: l lib [ ../fixtures/leaf-twice.nix { disabledModules = [ ../fixtures/leaf.nix ]; } ];
    expected = [ ];
  }
  {
    name = "disabled by absolute string";
    about = "The path may be a string.";
    expr = lib: l lib [ ../fixtures/leaf.nix { disabledModules = [ (toString ../fixtures/leaf.nix) ]; } ];
    expected = [ ];
  }
  {
    name = "disabled below modulesPath";
    about = "A relative string is meant below the modulesPath of the evaluation.";
    expr = lib: (lib.evalModules {
      specialArgs.modulesPath = ../fixtures;
      modules = [ { options.l = lib.mkOption { default = [ "none" ]; }; } ../fixtures/leaf.nix { disabledModules = [ "leaf.nix" ]; } ];
    }).config.l;
    expected = [ "none" ];
  }
  {
    name = "disabled by key";
    about = "A set with a key names the module of that key.";
    expr = lib: l lib [ ../fixtures/keyed.nix { key = "other"; l = [ "o" ]; } { disabledModules = [ { key = "the-key"; } ]; } ];
    expected = [ "o" ];
  }
  {
    name = "disabled with all it imports";
    about = "What only a disabled module imported is gone too.";
    expr = lib: l lib [ { key = "k"; imports = [ { l = [ "inner" ]; } ]; } { disabledModules = [ { key = "k"; } ]; } ];
    expected = [ ];
  }
  {
    name = "disabling what is not there";
    about = "Naming a module that nobody imports is no error.";
    expr = lib: l lib [ { l = [ "a" ]; disabledModules = [ "nothing.nix" ../fixtures/leaf.nix ]; } ];
    expected = [ "a" ];
  }
  {
    name = "disabledModules of the wrong kind";
    about = "A set without key cannot be identified.";
    expr = lib: l lib [ { _file = "f.nix"; disabledModules = [ { l = [ ]; } ]; } ];
    fails = "Module `f.nix` contains a disabledModules item that is an attribute set, presumably a module, that does not have a `key` attribute";
  }
  {
    name = "imports in a function";
    about = "A module may be a function whose result imports.";
    expr = lib: l lib [ ({ lib, ... }: { imports = [ ({ ... }: { l = lib.mkAfter [ "f" ]; }) ]; }) ];
    expected = [ "f" ];
  }
  {
    name = "imports chosen by specialArgs";
    about = "What is passed from outside may decide about imports.";
    expr = lib: (lib.evalModules {
      specialArgs.wanted = true;
      modules = [ ({ wanted, lib, ... }: { imports = lib.optional wanted { l = 5; }; options.l = lib.mkOption { default = 0; }; }) ];
    }).config.l;
    expected = 5;
  }
  {
    name = "mkIf as a module";
    about = "A property at the top of a module is taken for its config.";
    expr = lib: l lib [ { imports = [ (lib.mkIf true { l = [ "if" ]; }) ]; } ];
    expected = [ "if" ];
  }
  {
    name = "mkMerge of configs";
    about = "config may be a merge of several sets.";
    expr = lib: l lib [ { config = lib.mkMerge [ { l = [ "1" ]; } (lib.mkIf false { l = [ "2" ]; }) (lib.mkIf true { l = [ "3" ]; }) ]; } ];
    expected = [ "1" "3" ];
  }
  {
    name = "a condition may depend on config";
    about = "mkIf around config does not have to be decided to know the options below it.";
    expr = lib: (lib.evalModules {
      modules = [
        { options.on = lib.mkOption { default = false; }; options.x = lib.mkOption { default = 0; }; }
        ({ config, ... }: { config = lib.mkIf config.on { x = 1; }; })
        { on = true; }
      ];
    }).config;
    expected = { on = true; x = 1; };
  }
  {
    name = "what is off is not evaluated";
    about = "A false condition never looks at its content.";
    expr = lib: l lib [ { l = lib.mkIf false (throw "looked at"); } { l = lib.mkMerge [ (lib.mkIf false [ (throw "too") ]) [ "a" ] ]; } ];
    expected = [ "a" ];
  }
  {
    name = "a failing option leaves the others alone";
    about = "A definition that fails only fails the option it is for.";
    expr = lib: (lib.evalModules { modules = [ { options.a = lib.mkOption { }; options.b = lib.mkOption { }; } { a = throw "a"; b = 1; } ]; }).config.b;
    expected = 1;
  }
  {
    name = "class mismatch";
    about = "A module of another class is refused and both classes are named.";
    expr = lib: (lib.evalModules { class = "nixos"; modules = [ { _class = "darwin"; _file = "f.nix"; } ]; }).config;
    fails = "The module `f.nix` \\(class: \"darwin\"\\) cannot be imported into a module evaluation that expects class \"nixos\"";
  }
  {
    name = "class match";
    about = "Modules without class and of the same class are welcome.";
    expr = lib: (lib.evalModules { class = "nixos"; modules = [ { _class = "nixos"; } { } ]; }).class;
    expected = "nixos";
  }
  {
    name = "any class where none is expected";
    about = "An evaluation without class takes modules of each.";
    expr = lib: (lib.evalModules { modules = [ { _class = "darwin"; options.o = lib.mkOption { default = 1; }; } { _class = "nixos"; } ]; }).config.o;
    expected = 1;
  }
  {
    name = "importJSON as a module";
    about = "A data file may be a module.";
    expr = lib: (lib.evalModules { modules = [ (lib.modules.importJSON ../fixtures/values.json) { options.l = lib.mkOption { }; options.n = lib.mkOption { }; } ]; }).config;
    expected = { l = [ "json" ]; n = 3; };
  }
  {
    name = "extendModules adds";
    about = "An evaluation can be had again with more modules.";
    expr = lib: let e = lib.evalModules { modules = [ { options.l = lib.mkOption { type = lib.types.listOf lib.types.int; }; } { l = [ 1 ]; } ]; }; in
      [ e.config.l (e.extendModules { modules = [ { l = lib.mkAfter [ 2 ]; } ]; }).config.l ((e.extendModules { modules = [ { l = [ 2 ]; } ]; }).extendModules { modules = [ { l = [ 3 ]; } ]; }).config.l ];
    expected = [ [ 1 ] [ 1 2 ] [ 3 2 1 ] ];
  }
  {
    name = "extendModules overrides";
    about = "An added mkForce wins over what was there.";
    expr = lib: ((lib.evalModules { modules = [ { options.n = lib.mkOption { type = lib.types.int; }; } { n = 1; } ]; }).extendModules { modules = [ { n = lib.mkForce 2; } ]; }).config.n;
    expected = 2;
  }
  {
    name = "extendModules specialArgs";
    about = "Added special arguments join those from before.";
    expr = lib: ((lib.evalModules { specialArgs.a = 1; modules = [ ({ a, b ? 0, ... }: { options.n = lib.mkOption { default = a; }; }) ]; }).extendModules { specialArgs.b = 5; modules = [ ({ b, ... }: { n = b; }) ]; }).config.n;
    expected = 5;
  }
  {
    name = "renamed option";
    about = "Setting the old name sets the new one, and a warning says so.";
    expr = lib: let c = (lib.evalModules { modules = [
        { options.warnings = lib.mkOption { type = lib.types.listOf lib.types.str; }; options.new = lib.mkOption { type = lib.types.int; default = 0; }; }
        (lib.mkRenamedOptionModule [ "old" ] [ "new" ])
        { _file = "def.nix"; old = 4; }
      ]; }).config; in { inherit (c) new warnings; };
    expected = { new = 4; warnings = [ "The option `old' defined in `def.nix' has been renamed to `new'." ]; };
  }
  {
    name = "alias keeps priorities";
    about = "A weak definition of the alias stays weak at its target.";
    expr = lib: (lib.evalModules { modules = [
        { options.new = lib.mkOption { type = lib.types.int; default = 0; }; }
        (lib.mkAliasOptionModule [ "old" ] [ "new" ])
        { old = lib.mkDefault 4; }
        { new = 5; }
      ]; }).config.new;
    expected = 5;
  }
  {
    name = "alias reads its target";
    about = "The old name shows the new one's value.";
    expr = lib: (lib.evalModules { modules = [
        { options.new = lib.mkOption { type = lib.types.int; default = 7; }; }
        (lib.mkAliasOptionModule [ "a" "old" ] [ "new" ])
      ]; }).config.a.old;
    expected = 7;
  }
  {
    name = "changed option";
    about = "A new option computed from an old one.";
    expr = lib: (lib.evalModules { modules = [
        { options.warnings = lib.mkOption { type = lib.types.listOf lib.types.str; }; options.new = lib.mkOption { type = lib.types.int; default = 0; }; }
        (lib.mkChangedOptionModule [ "old" ] [ "new" ] (config: 2 * config.old))
        { old = 4; }
      ]; }).config.new;
    expected = 8;
  }
  {
    name = "mkAliasDefinitions";
    about = "All definitions of one option become definitions of another.";
    expr = lib: (lib.evalModules { modules = [
        ({ options, ... }: { options.a = lib.mkOption { type = lib.types.listOf lib.types.int; }; options.b = lib.mkOption { type = lib.types.listOf lib.types.int; default = [ 9 ]; }; config.b = lib.mkAliasDefinitions options.a; })
        { a = [ 1 ]; }
        { a = [ 2 ]; }
      ]; }).config.b;
    expected = [ 2 1 ];
  }
]
