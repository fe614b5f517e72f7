# From a list of modules (paths, functions, sets) to one flat list of them and of everything they import.
{ lib }:
let
  inherit (builtins)
    attrNames
    concatMap
    elem
    filter
    genericClosure
    head
    isAttrs
    isList
    isString
    map
    mapAttrs
    removeAttrs
    substring
    typeOf
    ;
  inherit (lib) addErrorContext isFunction mkMerge optionalAttrs;

  withExtras =
    extras: config:
    let
      present = filter (e: e != { }) extras;
    in
    if present == [ ] then config else mkMerge ([ config ] ++ present);

  load =
    file: key: m: args:
    let
      kind = m._type or "module";
    in
    if isFunction m then
      unifyModuleSyntax file key (applyModuleArgs key m args)
    else if isAttrs m then
      if kind == "module" then
        unifyModuleSyntax file key m
      else if kind == "if" || kind == "override" then
        unifyModuleSyntax file key { config = m; }
      else
        throw (
          "Expected a module, but found a value of type ${lib.strings.escapeNixString kind}"
          + lib.optionalString (file != lib.unknownModule) ", while trying to load a module into ${toString file}"
          + ".\nModules are what stands in `imports = [ ... ];` of a module or in `modules = [ ... ];` of an evaluation: please make sure that each item of the list is one."
          + lib.optionalString (kind == "configuration") "\nA configuration is the result of evaluating modules; to build on it, import the modules it was made from, or use its `extendModules`."
        )
    else if isList m then
      throw "Module imports can't be nested lists. Perhaps you meant to remove one level of lists? Definitions: ${
        lib.showDefs [
          {
            inherit file;
            value = m;
          }
        ]
      }"
    else
      unifyModuleSyntax (toString m) (toString m) (
        applyModuleArgsIfFunction (toString m) (import m) args
      );

  checkClass =
    class: m:
    if class == null || m._class == null || m._class == class then
      m
    else
      throw (
        "The module `${m._file}` (class: ${lib.strings.escapeNixString m._class}) cannot be imported into a module evaluation that expects class ${lib.strings.escapeNixString class}.\n\nHelp:\n\n"
        + "- Ensure that you are importing the correct module.\n"
        + "- Verify that the module's `_class`, ${lib.strings.escapeNixString m._class} matches the expected `class` ${lib.strings.escapeNixString class}.\n"
        + "- If you are loading a submodule, check the class that it asks for.\n"
      );

  # A disabled module is named by its path, by its path below `modulesPath`, or by its key.
  disabledKey =
    modulesPath: file: m:
    if isString m then
      if substring 0 1 m == "/" then m else toString modulesPath + "/" + m
    else if lib.strings.isConvertibleWithToString m then
      if m ? key && m.key != toString m then
        throw "Module `${file}` contains a disabledModules item that is an attribute set that can be converted to a string (${toString m}) but also has a `.key` attribute (${m.key}) with a different value. This makes it ambiguous which module should be disabled."
      else
        toString m
    else if m ? key then
      m.key
    else if isAttrs m then
      throw "Module `${file}` contains a disabledModules item that is an attribute set, presumably a module, that does not have a `key` attribute. This means that the module system doesn't have any means to identify the module that should be disabled. Make sure that you've put the correct value in disabledModules: a string path relative to modulesPath, a path value, or an attribute set with a `key` attribute."
    else
      throw "Each disabledModules item must be a path, string, or a attribute set with a key attribute, or a value supported by toString. However, one of the disabledModules items in `${toString file}` is none of that, but is of type ${typeOf m}.";

  # { _file; _class; key; disabledModules; imports; options; config; }
  unifyModuleSyntax =
    file: key: m:
    let
      meta = optionalAttrs (m ? meta) { meta = m.meta; };
      freeform = optionalAttrs (m ? freeformType) {
        _module.freeformType = m.freeformType;
      };
      unsupported = removeAttrs m [
        "_class"
        "_file"
        "config"
        "disabledModules"
        "freeformType"
        "imports"
        "key"
        "meta"
        "options"
      ];
      common = {
        _file = toString m._file or file;
        _class = m._class or null;
        key = toString m.key or key;
        disabledModules = m.disabledModules or [ ];
      };
    in
    if m ? config || m ? options then
      if unsupported != { } then
        throw "Module `${key}' has an unsupported attribute `${head (attrNames unsupported)}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them (namely: ${toString (attrNames unsupported)}) into the explicit `config' attribute."
      else
        common
        // {
          imports = m.imports or [ ];
          options = m.options or { };
          config = withExtras [ meta freeform ] (m.config or { });
        }
    else
      lib.throwIfNot (isAttrs m) "module ${file} (${key}) does not look like a module." (
        common
        // {
          imports = m.require or [ ] ++ m.imports or [ ];
          options = { };
          config = withExtras [ freeform ] (
            removeAttrs m [
              "_class"
              "_file"
              "disabledModules"
              "freeformType"
              "imports"
              "key"
              "require"
            ]
          );
        }
      );

  # A module that is a function gets the arguments that it names, each looked up only when it is used:
  # what was not passed from outside comes from `_module.args`, that is, from the configuration itself.
  applyModuleArgs =
    key: f: args:
    let
      fromConfig =
        name:
        addErrorContext
          "noting that argument `${name}` is not externally provided, so querying `_module.args` instead, requiring `config`"
          args.config._module.args.${name};
      named = mapAttrs (
        name: _:
        addErrorContext "while evaluating the module argument `${name}' in \"${key}\":" (
          args.${name} or (fromConfig name)
        )
      ) (lib.functionArgs f);
    in
    f (args // named);

  applyModuleArgsIfFunction =
    key: f: args:
    if isFunction f then applyModuleArgs key f args else f;

  setDefaultModuleLocation = file: m: {
    _file = file;
    imports = [ m ];
  };

  # `import` with arguments that still knows where the module came from.
  importApply = file: arg: setDefaultModuleLocation file (import file arg);

  # A file of data as a module.
  importJSON = file: {
    _file = file;
    config = lib.trivial.importJSON file;
  };
  importTOML = file: {
    _file = file;
    config = lib.trivial.importTOML file;
  };

  collectModules =
    class: modulesPath: roots: args:
    let
      # Anonymous modules are told apart by their position in the importing module; a path by itself.
      nodes = file: key: lib.imap1 (n: node file "${key}:anon-${toString n}");
      node =
        file: key: m:
        let
          module = checkClass class (load file key m args);
        in
        {
          inherit (module) key;
          inherit module;
          children = nodes module._file module.key module.imports;
        };

      # A module disables others wherever it is imported from, so all are found before any is left out.
      start = nodes lib.unknownModule "" roots;
      everything = genericClosure {
        startSet = start;
        operator = n: n.children;
      };
      disabled = concatMap (n: map (disabledKey modulesPath n.module._file) n.module.disabledModules) everything;
      keep = filter (n: !elem n.key disabled);
      kept =
        if disabled == [ ] then
          everything
        else
          genericClosure {
            startSet = keep start;
            operator = n: keep n.children;
          };
    in
    map (n: n.module) kept;
in
{
  inherit
    applyModuleArgs
    applyModuleArgsIfFunction
    collectModules
    importApply
    importJSON
    importTOML
    setDefaultModuleLocation
    unifyModuleSyntax
    ;
}
