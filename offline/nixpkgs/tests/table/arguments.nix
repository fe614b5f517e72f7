# What a module can ask for in its arguments.
let
  value = lib: module: (lib.evalModules { modules = [ module ]; }).config.o;
in
[
  {
    name = "lib, config and options";
    about = "Every module gets them.";
    expr = lib: value lib ({ lib, config, options, ... }: { options.o = lib.mkOption { default = [ (config ? o) options.o.loc ]; }; });
    expected = [ true [ "o" ] ];
  }
  {
    name = "specialArgs";
    about = "Passed to every module, and there as one argument.";
    expr = lib: (lib.evalModules { specialArgs.x = 3; modules = [ ({ x, specialArgs, ... }: { options.o = lib.mkOption { default = [ x specialArgs.x ]; }; }) ]; }).config.o;
    expected = [ 3 3 ];
  }
  {
    name = "_module.args";
    about = "A module can give arguments to all modules.";
    expr = lib: (lib.evalModules { modules = [ ({ x, ... }: { options.o = lib.mkOption { default = x; }; }) { _module.args.x = 4; } ]; }).config.o;
    expected = 4;
  }
  {
    name = "_module.args from config";
    about = "An argument may be computed from the configuration.";
    expr = lib: (lib.evalModules { modules = [ ({ x, ... }: { options.o = lib.mkOption { default = x; }; options.p = lib.mkOption { default = 6; }; }) ({ config, ... }: { _module.args.x = config.p; }) ]; }).config.o;
    expected = 6;
  }
  {
    name = "_module.args are lazy among each other";
    about = "One argument may use another, and an unused one may fail.";
    expr = lib: (lib.evalModules { modules = [ ({ x, ... }: { options.o = lib.mkOption { default = x; }; }) ({ y, ... }: { _module.args = { x = y + 1; y = 1; z = throw "z"; }; }) ]; }).config.o;
    expected = 2;
  }
  {
    name = "specialArgs win over _module.args";
    about = "What is passed from outside is taken first.";
    expr = lib: (lib.evalModules { specialArgs.x = 1; modules = [ ({ x, ... }: { options.o = lib.mkOption { default = x; }; }) { _module.args.x = 2; } ]; }).config.o;
    expected = 1;
  }
  {
    name = "an argument set twice";
    about = "Arguments are not merged.";
    expr = lib: (lib.evalModules { modules = [ ({ x, ... }: { options.o = lib.mkOption { default = x; }; }) { _module.args.x = 2; } { _module.args.x = 3; } ]; }).config.o;
    fails = "The option `_module.args.x' is defined multiple times while it's expected to be unique";
  }
  {
    name = "an argument overridden";
    about = "Priorities work for arguments.";
    expr = lib: (lib.evalModules { modules = [ ({ x, ... }: { options.o = lib.mkOption { default = x; }; }) { _module.args.x = 2; } { _module.args.x = lib.mkForce 3; } ]; }).config.o;
    expected = 3;
  }
  {
    name = "default values of arguments are not used";
    about = "The module system passes every named argument, so what Nix's own default would supply is not seen.";
    expr = lib: value lib ({ lib, x ? 5, ... }: { options.o = lib.mkOption { default = x; }; });
    fails = "attribute 'x' missing";
  }
  {
    name = "the whole of the arguments";
    about = "Only what is named comes from _module.args; `args@` holds no more than that and the fixed ones.";
    expr = lib: (lib.evalModules { modules = [ ({ x, ... }@args: { options.o = lib.mkOption { default = [ (args ? y) (args ? x) (args ? config) ]; }; }) { _module.args = { x = 1; y = 2; }; } ]; }).config.o;
    expected = [ false true true ];
  }
  {
    name = "extendModules as an argument";
    about = "A module may ask for a variation of the evaluation it is part of.";
    expr = lib: value lib ({ extendModules, lib, ... }: {
      options.n = lib.mkOption { default = 1; };
      options.o = lib.mkOption { default = (extendModules { modules = [ { n = 2; } ]; }).config.n; };
    });
    expected = 2;
  }
  {
    name = "moduleType as an argument";
    about = "The type of the evaluation itself.";
    expr = lib: value lib ({ moduleType, lib, ... }: { options.o = lib.mkOption { default = moduleType.name; }; });
    expected = "submodule";
  }
  {
    name = "_class and _prefix";
    about = "A module can ask what it is being evaluated for, and below which path.";
    expr = lib: (lib.evalModules { class = "c"; prefix = [ "p" "q" ]; modules = [ ({ _class, _prefix, ... }: { options.o = lib.mkOption { default = [ _class _prefix ]; }; }) ]; }).config.o;
    expected = [ "c" [ "p" "q" ] ];
    since = "takeEnd";
  }
  {
    name = "callable sets as modules";
    about = "A set with __functor is a function and so a module.";
    expr = lib: value lib { __functor = _: { lib, ... }: { options.o = lib.mkOption { default = 8; }; }; };
    expected = 8;
  }
  {
    name = "_module.check off";
    about = "Unknown definitions are ignored on request.";
    expr = lib: (lib.evalModules { modules = [ { options.o = lib.mkOption { default = 1; }; } { nothing.here = 1; _module.check = false; } ]; }).config;
    expected = { o = 1; };
  }
  {
    name = "_module is not part of config from outside";
    about = "Outside only the declared options show.";
    expr = lib: builtins.attrNames (lib.evalModules { modules = [ { options.o = lib.mkOption { default = 1; }; } ]; }).config;
    expected = [ "o" ];
  }
  {
    name = "_module of the result";
    about = "The evaluation hands out its own settings apart from config.";
    expr = lib: let m = (lib.evalModules { specialArgs.s = 2; modules = [ { _module.args.x = 1; } ]; })._module; in [ m.args.x m.specialArgs.s m.check m.freeformType ];
    expected = [ 1 2 true null ];
  }
]
