# What an evaluation says about its options besides their values.
let
  options = lib: modules: (lib.evalModules { inherit modules; }).options;
in
[
  {
    name = "where it is declared";
    about = "declarations holds files, declarationPositions lines and columns too.";
    expr = lib: let o = (options lib [ ../fixtures/declares.nix ]).declared; in [ o.declarations o.declarationPositions ];
    expected = [ [ (toString ../fixtures/declares.nix) ] [ { file = toString ../fixtures/declares.nix; line = 3; column = 3; } ] ];
  }
  {
    name = "declared in two places";
    about = "All declarations are listed, the last module's first.";
    expr = lib: (options lib [ ../fixtures/declares.nix { _file = "b.nix"; options.again = lib.mkOption { description = "More."; }; } ]).again.declarations;
    expected = [ "b.nix" (toString ../fixtures/declares.nix) ];
  }
  {
    name = "position without source";
    about = "A declaration without a place in a file has its module's name.";
    expr = lib: (options lib [ { _file = "x.nix"; options = builtins.mapAttrs (_: _: lib.mkOption { }) (builtins.fromJSON "{\"o\":0}"); } ]).o.declarationPositions;
    expected = [ { file = "x.nix"; line = null; column = null; } ];
  }
  {
    name = "files of definitions";
    about = "files names where the surviving definitions stand, in order.";
    expr = lib: (options lib [ ../fixtures/declares.nix { _file = "a.nix"; again = [ "a" ]; } { _file = "b.nix"; again = lib.mkBefore [ "b" ]; } ]).again.files;
    expected = [ "b.nix" "a.nix" ];
  }
  {
    name = "the default is a definition of the declaring file";
    about = "Without definitions, the declaration is where the value comes from.";
    expr = lib: (options lib [ ../fixtures/declares.nix ]).declared.definitionsWithLocations;
    expected = [ { file = toString ../fixtures/declares.nix; value = 1; } ];
  }
  {
    name = "definitions";
    about = "The surviving values, properties removed.";
    expr = lib: (options lib [ ../fixtures/declares.nix { again = lib.mkIf true [ "a" ]; } { again = lib.mkMerge [ [ "b" ] (lib.mkAfter [ "c" ]) ]; } ]).again.definitions;
    expected = [ [ "b" ] [ "a" ] [ "c" ] ];
  }
  {
    name = "ordered definitions carry their order";
    about = "What came through mkBefore or mkAfter shows its position number.";
    expr = lib: (options lib [ ../fixtures/declares.nix { _file = "a.nix"; again = lib.mkAfter [ "a" ]; } ]).again.definitionsWithLocations;
    expected = [ { file = "a.nix"; priority = 1500; value = [ "a" ]; } ];
  }
  {
    name = "isDefined and highestPrio without a definition";
    about = "No default, no definition: undefined, and a priority weaker than any.";
    expr = lib: let o = (options lib [ ../fixtures/declares.nix ]).again; in [ o.isDefined o.highestPrio o.files ];
    expected = [ false 9999 [ ] ];
  }
  {
    name = "loc and toString";
    about = "An option knows its path and shows it as a string.";
    expr = lib: let o = (options lib [ { options.a."b c".d = lib.mkOption { }; } ]).a."b c".d; in [ o.loc "${o}" ];
    expected = [ [ "a" "b c" "d" ] "a.\"b c\".d" ];
  }
  {
    name = "prefix";
    about = "An evaluation inside another one has the outer path before its own.";
    expr = lib: (lib.evalModules { prefix = [ "outer" ]; modules = [ { options.o = lib.mkOption { }; } ]; }).options.o.loc;
    expected = [ "outer" "o" ];
  }
  {
    name = "attributes of the declaration stay";
    about = "description, example, default, internal, visible and readOnly are on the option.";
    expr = lib: let o = (options lib [ { options.o = lib.mkOption { description = "d"; example = 1; default = 2; internal = true; visible = false; readOnly = true; defaultText = "t"; relatedPackages = [ "r" ]; }; } ]).o; in
      { inherit (o) _type description example default internal visible readOnly defaultText relatedPackages; };
    expected = { _type = "option"; description = "d"; example = 1; default = 2; internal = true; visible = false; readOnly = true; defaultText = "t"; relatedPackages = [ "r" ]; };
  }
  {
    name = "mkOption rejects what it does not know";
    about = "A misspelt attribute of an option is an error.";
    expr = lib: lib.mkOption { descripton = "d"; };
    fails = "unexpected argument 'descripton'";
  }
  {
    name = "description from one declaration, default from another";
    about = "Declarations complete each other.";
    expr = lib: let o = (options lib [ { options.o = lib.mkOption { description = "d"; }; } { options.o = lib.mkOption { default = 3; }; } ]).o; in [ o.description o.value ];
    expected = [ "d" 3 ];
  }
  {
    name = "mkEnableOption";
    about = "A boolean that is off.";
    expr = lib: let o = lib.mkEnableOption "the thing"; in [ o.default o.example o.description o.type.name ];
    expected = [ false true "Whether to enable the thing." "bool" ];
  }
  {
    name = "mkPackageOption";
    about = "A package option with the package of that name as its default.";
    expr = lib: let o = lib.mkPackageOption { hello.v = 1; } "hello" { extraDescription = "Greets."; }; in [ o.default.v o.defaultText o.description o.type.name ];
    expected = [ 1 { _type = "literalExpression"; text = "pkgs.hello"; } "The hello package to use. Greets." "package" ];
  }
  {
    name = "mkPackageOption nullable";
    about = "Null as default, and a path into the package set.";
    expr = lib: let
      a = lib.mkPackageOption { } "x" { nullable = true; default = null; };
      b = lib.mkPackageOption { py.torch = 2; } [ "py" "torch" ] { nullable = true; };
    in [ a.default a.type.description b.default b.defaultText.text b.description (a ? defaultText) ];
    expected = [ null "null or package" 2 "pkgs.py.torch" "The torch package to use." false ];
  }
  {
    name = "mkPackageOption that is not there";
    about = "Only reading the default fails.";
    expr = lib: (lib.mkPackageOption { } "nope" { }).default;
    fails = "nope cannot be found in pkgs";
  }
  {
    name = "literalExpression";
    about = "Text for manuals in place of a value.";
    expr = lib: [ (lib.literalExpression "a b") (lib.literalMD "*m*") ];
    expected = [ { _type = "literalExpression"; text = "a b"; } { _type = "literalMD"; text = "*m*"; } ];
  }
  {
    name = "showOption";
    about = "Names are quoted where Nix would need it; placeholders are not.";
    expr = lib: map lib.showOption [ [ "a" "b" ] [ "a.b" "c" ] [ "x" "<name>" "y" ] [ "x" "*" ] [ "iff" "1a" ] ];
    expected = [ "a.b" "\"a.b\".c" "x.<name>.y" "x.*" "iff.\"1a\"" ];
  }
  {
    name = "showDefs";
    about = "Definitions in messages: one to a line, with file and value.";
    expr = lib: lib.options.showDefs [ { file = "a.nix"; value = 1; } { file = "b.nix"; value = [ "x" ]; } ];
    expected = "\n- In `a.nix': 1\n- In `b.nix':\n    [\n      \"x\"\n    ]";
  }
  {
    name = "showFiles";
    about = "Files in messages.";
    expr = lib: lib.showFiles [ "a" "b" ];
    expected = "`a' and `b'";
  }
  {
    name = "the result's own marks";
    about = "An evaluation is marked as a configuration and carries its class.";
    expr = lib: let e = lib.evalModules { class = "k"; modules = [ ]; }; in [ e._type e.class e.type.name ];
    expected = [ "configuration" "k" "submodule" ];
  }
  {
    name = "options of a submodule value through getSubOptions";
    about = "Tools find the options below attrsOf submodule by the type.";
    expr = lib: let t = lib.types.attrsOf (lib.types.submodule { options.x = lib.mkOption { description = "dx"; }; }); in
      [ (t.getSubOptions [ "a" ]).x.description (builtins.attrNames (removeAttrs (t.getSubOptions [ "a" ]) [ "_module" ])) ];
    expected = [ "dx" [ "x" ] ];
  }
  {
    name = "isOption";
    about = "Options in the tree are told from sets of options.";
    expr = lib: let o = options lib [ { options.a.b = lib.mkOption { }; } ]; in [ (lib.isOption o.a) (lib.isOption o.a.b) ];
    expected = [ false true ];
  }
  {
    name = "valueless options do not fail the tree";
    about = "The tree can be walked without evaluating any value.";
    expr = lib: builtins.attrNames (removeAttrs (options lib [ { options.a = lib.mkOption { default = throw "a"; }; options.b = lib.mkOption { }; } ]) [ "_module" ]);
    expected = [ "a" "b" ];
  }
  {
    name = "documentation list";
    about = "Visible options with name, description and type for a manual.";
    expr = lib: map (d: { inherit (d) name description type visible internal readOnly; }) (
      builtins.filter (d: d.visible && !d.internal) (lib.optionAttrSetToDocList (removeAttrs (options lib [
        { options.a = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule { options.x = lib.mkOption { type = lib.types.int; description = "X."; }; }); description = "A."; }; }
        { options.hidden = lib.mkOption { visible = false; }; }
      ]) [ "_module" ]))
    );
    expected = [
      { name = "a"; description = "A."; type = "attribute set of (submodule)"; visible = true; internal = false; readOnly = false; }
      { name = "a.<name>.x"; description = "X."; type = "signed integer"; visible = true; internal = false; readOnly = false; }
    ];
  }
  {
    name = "what a value is made of";
    about = "valueMeta of an attrsOf of submodules leads to the options of each (from 25.11 on).";
    expr = lib:
      let
        o = (options lib [
          { _file = "d.nix"; options.users = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule { options.shell = lib.mkOption { type = lib.types.str; default = "sh"; }; }); }; }
          { _file = "u.nix"; users.lars.shell = "fish"; users.root = { }; }
        ]).users;
        of = name: (o.valueMeta.attrs.${name}.configuration.options.shell);
      in
      [ (of "lars").files (of "lars").value (of "root").value o.value.lars.shell ];
    expected = [ [ "u.nix" ] "fish" "sh" "fish" ];
  }
]
