# Options whose values are modules.
let
  eval = lib: modules: lib.evalModules { inherit modules; };
  sub = lib: lib.types.submodule ({ name, ... }: {
    options.x = lib.mkOption { type = lib.types.int; default = 1; };
    options.n = lib.mkOption { type = lib.types.str; default = name; };
  });
  box = type: lib: { options.o = lib.mkOption { type = type lib; default = { }; }; };
in
[
  {
    name = "defaults inside";
    about = "A submodule's own defaults show in every value.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) { o.a = { }; o.b.x = 2; } ]).config.o;
    expected = { a = { n = "a"; x = 1; }; b = { n = "b"; x = 2; }; };
  }
  {
    name = "name of a submodule in an option";
    about = "Outside of attrsOf the name is the last part of the option's path.";
    expr = lib: (eval lib [ (box sub lib) ]).config.o.n;
    expected = "o";
  }
  {
    name = "name of a submodule in a list";
    about = "In a list the name is the place of the entry.";
    expr = lib: map (e: e.n) (eval lib [ { options.o = lib.mkOption { type = lib.types.listOf (sub lib); }; } { o = [ { } { } ]; } ]).config.o;
    expected = [ "[definition 1-entry 1]" "[definition 1-entry 2]" ];
  }
  {
    name = "definitions merge inside";
    about = "Several modules define parts of one value.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) { o.a.x = 2; } { o.a.n = "n"; } ]).config.o.a;
    expected = { n = "n"; x = 2; };
  }
  {
    name = "a function as value";
    about = "A value may be a function of the submodule's arguments.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) { o.a = { name, config, ... }: { n = "${name}-${toString config.x}"; }; } ]).config.o.a;
    expected = { n = "a-1"; x = 1; };
  }
  {
    name = "mkForce inside";
    about = "Priorities work below a submodule.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) { o.a.x = lib.mkForce 5; } { o.a.x = 2; } ]).config.o.a.x;
    expected = 5;
  }
  {
    name = "mkIf around a value";
    about = "A condition around the value of an attrsOf submodule drops the name.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) { o.a = lib.mkIf false { x = 2; }; o.b = { }; } ]).config.o;
    expected = { b = { n = "b"; x = 1; }; };
  }
  {
    name = "submodule declared twice";
    about = "Two declarations of a submodule option join their modules.";
    expr = lib: (eval lib [
      { options.o = lib.mkOption { type = lib.types.submodule { options.a = lib.mkOption { default = 1; }; }; default = { }; }; }
      { options.o = lib.mkOption { type = lib.types.submodule { options.b = lib.mkOption { default = 2; }; }; }; }
    ]).config.o;
    expected = { a = 1; b = 2; };
  }
  {
    name = "options declared below a submodule option";
    about = "A plain set of options at the path of a submodule option adds to the submodule.";
    expr = lib: (eval lib [
      { options.o = lib.mkOption { type = lib.types.submodule { options.a = lib.mkOption { default = 1; }; }; default = { }; }; }
      { options.o.b = lib.mkOption { default = 2; }; }
    ]).config.o;
    expected = { a = 1; b = 2; };
  }
  {
    name = "options declared below another option";
    about = "Only submodules take options below them.";
    expr = lib: (eval lib [
      { _file = "a.nix"; options.o = lib.mkOption { type = lib.types.int; default = 1; }; }
      { _file = "b.nix"; options.o.b = lib.mkOption { default = 2; }; }
    ]).config.o;
    fails = "The option `o' in module `a.nix' would be a parent of the following options, but its type `signed integer' does not support nested options. *- option\\(s\\) with prefix `o.b' in module `b.nix'";
  }
  {
    name = "freeform inside";
    about = "Names without a declaration are merged by freeformType.";
    expr = lib: (eval lib [
      (box (l: l.types.submodule { freeformType = l.types.attrsOf l.types.int; options.a = l.mkOption { type = l.types.str; default = "d"; }; }) lib)
      { o.z = 3; }
    ]).config.o;
    expected = { a = "d"; z = 3; };
  }
  {
    name = "freeform checks its type";
    about = "What has no declaration must be of the freeform type.";
    expr = lib: (eval lib [ (box (l: l.types.submodule { freeformType = l.types.attrsOf l.types.int; }) lib) { o.z = "s"; } ]).config.o.z;
    fails = "A definition for option `o.z' is not of type `signed integer'";
  }
  {
    name = "freeform below declared options";
    about = "Undeclared names may stand beside declared ones at any depth.";
    expr = lib: (lib.evalModules {
      modules = [
        { freeformType = lib.types.attrsOf lib.types.anything; options.a.b = lib.mkOption { default = 1; }; }
        { a.c = 2; d.e = 3; }
      ];
    }).config;
    expected = { a = { b = 1; c = 2; }; d.e = 3; };
  }
  {
    name = "unknown option inside";
    about = "The message holds the whole path.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) { _file = "f.nix"; o.a.zzzzzz = 2; } ]).config.o.a.x;
    fails = "The option `o.a.zzzzzz' does not exist. Definition values: - In `f.nix': 2";
  }
  {
    name = "submodule with specialArgs";
    about = "submoduleWith passes its own arguments to its modules, imports included.";
    expr = lib: (eval lib [
      (box (l: l.types.submoduleWith { specialArgs.extra = { options.k = l.mkOption { default = 7; }; }; modules = [ ({ extra, ... }: { imports = [ extra ]; }) ]; }) lib)
    ]).config.o.k;
    expected = 7;
  }
  {
    name = "submoduleWith takes whole modules";
    about = "Without shorthandOnlyDefinesConfig a value may declare options and import.";
    expr = lib: (eval lib [
      (box (l: l.types.submoduleWith { modules = [ ]; }) lib)
      { o = { options.k = lib.mkOption { default = 1; }; config.k = 2; }; }
    ]).config.o;
    expected = { k = 2; };
  }
  {
    name = "submodule takes config only";
    about = "In types.submodule a set is config, so `config' is a name like another.";
    expr = lib: (eval lib [ (box (l: l.types.submodule { options.config = l.mkOption { default = 1; }; }) lib) { o.config = 2; } ]).config.o;
    expected = { config = 2; };
  }
  {
    name = "submoduleWith description";
    about = "A description given is used in place of the word submodule.";
    expr = lib: (lib.types.submoduleWith { modules = [ ]; description = "thing"; }).description;
    expected = "thing";
  }
  {
    name = "class of a submodule";
    about = "A module of another class cannot be a value.";
    expr = lib: (eval lib [ (box (l: l.types.submoduleWith { modules = [ ]; class = "apple"; }) lib) { o = { _class = "pear"; }; } ]).config.o;
    fails = "class: \"pear\"\\) cannot be imported into a module evaluation that expects class \"apple\"";
  }
  {
    name = "getSubOptions";
    about = "For manuals: the options inside, with the placeholder in the path.";
    expr = lib: ((lib.types.attrsOf (sub lib)).getSubOptions [ "o" ]).x.loc;
    expected = [ "o" "<name>" "x" ];
  }
  {
    name = "options of a value through extendModules type";
    about = "The type of an evaluation is a submodule of the same modules.";
    expr = lib: let inner = lib.evalModules { modules = [ { options.k = lib.mkOption { default = 1; }; } ]; }; in
      (eval lib [ { options.o = lib.mkOption { inherit (inner) type; }; } { o.k = 4; } ]).config.o;
    expected = { k = 4; };
  }
  {
    name = "deferredModule collects modules";
    about = "Definitions become imports of one module, for use in another evaluation.";
    expr = lib: let d = (eval lib [ { options.o = lib.mkOption { type = lib.types.deferredModule; default = { }; }; } { o.k = 1; } { o = { lib, ... }: { options.k = lib.mkOption { }; }; } ]).config.o; in (lib.evalModules { modules = [ d ]; }).config;
    expected = { k = 1; };
  }
  {
    name = "deferredModule keeps locations";
    about = "Files of a deferred definition name the option through which it came.";
    expr = lib: let d = (eval lib [ { options.o = lib.mkOption { type = lib.types.deferredModule; }; } { _file = "f.nix"; o.k = 1; } ]).config.o; in (lib.evalModules { modules = [ d { options.k = lib.mkOption { }; } ]; }).options.k.files;
    expected = [ "f.nix, via option o" ];
  }
  {
    name = "submodules see each other through config";
    about = "The outer configuration is in scope where the value is written.";
    expr = lib: (eval lib [ (box (l: l.types.attrsOf (sub l)) lib) ({ config, ... }: { o.a.x = 4; o.b.x = config.o.a.x + 1; }) ]).config.o.b.x;
    expected = 5;
  }
]
