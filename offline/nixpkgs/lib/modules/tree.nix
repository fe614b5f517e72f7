# All modules at once to a tree of options; what no declaration answers to is handed back as unmatched.
{ lib }:
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    filter
    head
    isAttrs
    length
    map
    mapAttrs
    typeOf
    unsafeGetAttrPos
    zipAttrsWith
    ;
  inherit (lib) isOption showOption;

  # Names to the declarations below them: { NAME = [ { _file; pos; options; } ]; }
  declarationsByName =
    prefix: modules:
    zipAttrsWith (_: ds: ds) (
      map (
        m:
        if !isAttrs m.options then
          throw "An option declaration for `${concatStringsSep "." prefix}' has type\n`${typeOf m.options}' rather than an attribute set.\nDid you mean to define this outside of `options'?\n"
        else
          mapAttrs (name: options: {
            inherit (m) _file;
            pos = unsafeGetAttrPos name m.options;
            inherit options;
          }) m.options
      ) modules
    );

  requireSet =
    prefix: c:
    if isAttrs c.config then
      c.config
    else
      throw "In module `${c.file}', you're trying to define a value of type `${typeOf c.config}'\nrather than an attribute set for the option\n`${concatStringsSep "." prefix}'!\n\nThis usually happens if `${concatStringsSep "." prefix}' has option\ndefinitions inside that are not matched. Please check how to properly define\nthis option by e.g. referring to `man 5 configuration.nix'!\n";

  # Declared both as an option and as a set of options: the set is meant for the submodule.
  treeAsSubmodule =
    decl:
    if isOption decl.options then
      decl
    else
      decl
      // {
        options = lib.mkOption {
          type = lib.types.submoduleWith {
            modules = [ { inherit (decl) options; } ];
            # The option proper decides this; null gives way to either.
            shorthandOnlyDefinesConfig = null;
          };
        };
      };

  notAnOption =
    loc: file: kind:
    throw (
      "In module ${file}: expected an option declaration at option path `${showOption loc}` but got an attribute set with type ${kind}"
      + lib.optionalString (kind == "option-type")
        "\n\nWhen declaring an option, you must wrap the type in a `mkOption` call. It should look somewhat like:\n    ${showOption loc} = lib.mkOption {\n      type = ...;\n    };"
    );

  wouldBeParent =
    loc: optionDecls: setDecls:
    let
      first = head optionDecls;
      children = concatMap (
        decl: map (name: " - option(s) with prefix `${showOption (loc ++ [ name ])}' in module `${decl._file}'") (attrNames decl.options)
      ) setDecls;
    in
    throw "The option `${showOption loc}' in module `${first._file}' would be a parent of the following options, but its type `${
      first.options.type.description or "<no description>"
    }' does not support nested options.\n${concatStringsSep "\n" children}";
in
rec {
  mergeModules =
    prefix: modules:
    mergeModules' prefix modules (
      concatMap (
        m:
        map (config: {
          file = m._file;
          inherit config;
        }) (lib.pushDownProperties m.config)
      ) modules
    );

  # configs: [ { file; config; } ]
  mergeModules' =
    prefix: modules: configs:
    let
      declsByName = declarationsByName prefix modules;

      # A definition stays as it was written where an option takes it …
      rawByName = zipAttrsWith (_: ds: ds) (
        map (c: mapAttrs (_: value: { inherit (c) file; inherit value; }) (requireSet prefix c)) configs
      );
      # … and has its properties pushed down where there are more names below.
      pushed = map (
        d:
        map (config: {
          inherit (d) file;
          inherit config;
        }) (lib.pushDownProperties d.value)
      );

      results = mapAttrs (
        name: decls:
        let
          loc = prefix ++ [ name ];
          defs = rawByName.${name} or [ ];
          optionDecls = filter (
            d:
            d.options ? _type && (isOption d.options || notAnOption loc d._file d.options._type)
          ) decls;
          takesModules = builtins.all (d: d.options.type.name or "" == "submodule") optionDecls;
          asOption = ds: {
            matched = lib.evalOptionValue loc (lib.fixupOptionType loc (lib.mergeOptionDecls loc ds)) defs;
            unmatched = [ ];
          };
          below = mergeModules' loc decls (concatLists (pushed defs));
        in
        if optionDecls == [ ] then
          {
            matched = below.matchedOptions;
            unmatched = below.unmatchedDefns;
          }
        else if length optionDecls == length decls then
          asOption decls
        else if takesModules then
          asOption (map treeAsSubmodule decls)
        else
          wouldBeParent loc optionDecls (filter (d: !isOption d.options) decls)
      ) declsByName;

      undeclared = removeAttrs rawByName (attrNames declsByName);
    in
    {
      matchedOptions = mapAttrs (_: r: r.matched) results;
      # [ { file; value; prefix = path of names below `prefix`; } ]
      unmatchedDefns =
        if configs == [ ] then
          [ ]
        else
          concatLists (
            map (
              name:
              if undeclared ? ${name} then
                map (d: d // { prefix = [ name ]; }) undeclared.${name}
              else
                map (d: d // { prefix = [ name ] ++ d.prefix; }) results.${name}.unmatched
            ) (attrNames (results // undeclared))
          );
    };
}
