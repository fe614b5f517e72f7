# The declarations of one option, merged into one option.
{ lib }:
let
  inherit (builtins) foldl' head length map;
  inherit (lib) showFiles showOption;

  alreadyDeclared =
    loc: file: earlier:
    throw "The option `${showOption loc}' in `${file}' is already declared in ${showFiles earlier}.";

  # A type that takes modules gets the options declared inside it by other declarations as modules too.
  submodulesOf =
    decl:
    let
      inner = decl.options.type.getSubModules or null;
    in
    if inner == null then decl.options.options or [ ] else map (lib.setDefaultModuleLocation decl._file) inner;

  position =
    decl:
    if decl.pos or null == null then
      {
        file = decl._file;
        line = null;
        column = null;
      }
    else
      decl.pos;
in
{
  # decls: [ { _file; pos; options = mkOption …; } ]
  mergeOptionDecls =
    loc: decls:
    let
      start = {
        inherit loc;
        declarations = [ ];
        declarationPositions = [ ];
        options = [ ];
      };
      add =
        sofar: decl:
        let
          inherit (decl) options _file;
          clash = name: options ? ${name} && sofar ? ${name};
          merged = options.type.typeMerge sofar.type.functor;
          type =
            if options ? type && sofar ? type then
              if merged == null || merged._type or "" == "merge-error" then
                alreadyDeclared loc _file sofar.declarations
              else
                { type = merged; }
            else
              { };
        in
        if clash "default" || clash "example" || clash "description" || clash "apply" then
          alreadyDeclared loc _file sofar.declarations
        else
          options
          // sofar
          // {
            declarations = sofar.declarations ++ [ _file ];
            declarationPositions = sofar.declarationPositions ++ [ (position decl) ];
            options = submodulesOf decl ++ sofar.options;
          }
          // type;
      only = head decls;
    in
    # Nearly every option is declared once.
    if length decls == 1 then
      only.options
      // {
        inherit loc;
        declarations = [ only._file ];
        declarationPositions = [ (position only) ];
        options = submodulesOf only;
      }
    else
      foldl' add start decls;

  fixupOptionType =
    loc: opt:
    if opt.type.getSubModules or null == null then
      opt // { type = opt.type or lib.types.unspecified; }
    else
      opt
      // {
        type = opt.type.substSubModules opt.options;
        options = [ ];
      };
}
