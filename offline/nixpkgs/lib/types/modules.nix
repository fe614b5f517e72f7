# Types whose values are evaluated as modules themselves.
{ lib }:
let
  inherit (builtins)
    attrNames
    head
    intersectAttrs
    isAttrs
    isFunction
    length
    map
    mapAttrs
    ;
  inherit (lib) getFiles last showFiles showOption;
  inherit (lib.types) mergeWithMeta mkOptionType path;

  # Two declarations agree, or one of them has nothing to say.
  agree =
    what: a: b:
    if a == null then
      b
    else if b == null || a == b then
      a
    else
      throw what;
in
rec {
  submodule =
    modules:
    submoduleWith {
      shorthandOnlyDefinesConfig = true;
      modules = lib.toList modules;
    };

  submoduleWith =
    {
      modules,
      specialArgs ? { },
      # Whether a definition that is a set is config only, so that `options`, `imports` … are plain names in it.
      shorthandOnlyDefinesConfig ? false,
      description ? null,
      class ? null,
    }@attrs:
    let
      asModules = map (
        { value, file }:
        if isAttrs value && shorthandOnlyDefinesConfig then
          {
            _file = file;
            config = value;
          }
        else
          {
            _file = file;
            imports = [ value ];
          }
      );

      # Evaluated once for the type; each value extends it, so that the modules are collected only once.
      base = lib.evalModules {
        inherit class specialArgs;
        modules = [
          {
            # In the manual, where there is no value, the name is shown like this.
            _module.args.name = lib.mkOptionDefault "‹name›";
          }
        ]
        ++ modules;
      };
      inherit (base._module) freeformType;
      name = "submodule";
    in
    mkOptionType {
      inherit name;
      description =
        if description != null then
          description
        else if freeformType == null then
          name
        else
          "open ${name} of ${
            lib.types.optionDescriptionPhrase (class: class == "noun" || class == "composite") freeformType
          }";
      check = x: isAttrs x || isFunction x || path.check x;
      merge = mergeWithMeta (
        { loc, defs }:
        let
          configuration = base.extendModules {
            modules = [ { _module.args.name = last loc; } ] ++ asModules defs;
            prefix = loc;
          };
        in
        {
          value = configuration.config;
          valueMeta = { inherit configuration; };
        }
      );
      emptyValue.value = { };
      getSubOptions =
        prefix:
        let
          docs = (base.extendModules { inherit prefix; }).options;
        in
        docs
        // lib.optionalAttrs (freeformType != null) {
          _freeformOptions = freeformType.getSubOptions prefix;
        };
      getSubModules = modules;
      substSubModules = m: submoduleWith (attrs // { modules = m; });
      nestedTypes = lib.optionalAttrs (freeformType != null) { inherit freeformType; };
      functor = lib.types.defaultFunctor name // {
        type = submoduleWith;
        payload = {
          inherit
            modules
            class
            specialArgs
            shorthandOnlyDefinesConfig
            description
            ;
        };
        binOp =
          a: b:
          let
            common = attrNames (intersectAttrs a.specialArgs b.specialArgs);
          in
          {
            class = agree "A submoduleWith option is declared multiple times with conflicting class values \"${toString a.class}\" and \"${toString b.class}\"." a.class b.class;
            modules = a.modules ++ b.modules;
            specialArgs =
              if common == [ ] then
                a.specialArgs // b.specialArgs
              else
                throw "A submoduleWith option is declared multiple times with the same specialArgs \"${toString common}\"";
            shorthandOnlyDefinesConfig = agree "A submoduleWith option is declared multiple times with conflicting shorthandOnlyDefinesConfig values" a.shorthandOnlyDefinesConfig b.shorthandOnlyDefinesConfig;
            description = agree "A submoduleWith option is declared multiple times with conflicting descriptions" a.description b.description;
          };
      };
    };

  # A module that is kept as one, to be imported elsewhere; definitions become its imports.
  deferredModule = deferredModuleWith { };
  deferredModuleWith =
    {
      staticModules ? [ ],
    }@attrs:
    mkOptionType {
      name = "deferredModule";
      description = "module";
      descriptionClass = "noun";
      check = x: isAttrs x || isFunction x || path.check x;
      merge = loc: defs: {
        imports =
          staticModules
          ++ map (
            d: lib.setDefaultModuleLocation "${d.file}, via option ${showOption loc}" d.value
          ) defs;
      };
      inherit (submoduleWith { modules = staticModules; }) getSubOptions getSubModules;
      substSubModules = m: deferredModuleWith (attrs // { staticModules = m; });
      functor = lib.types.defaultFunctor "deferredModuleWith" // {
        type = deferredModuleWith;
        payload = { inherit staticModules; };
        binOp = a: b: { staticModules = a.staticModules ++ b.staticModules; };
      };
    };

  # { TAG = value; } with exactly one of the tags declared.
  attrTag =
    tags:
    let
      choices = lib.concatMapStringsSep ", " lib.strings.escapeNixIdentifier (attrNames tags);
      # Tags are declared where their set is written.
      declared =
        n: opt:
        let
          pos = builtins.unsafeGetAttrPos n tags;
          tag = lib.strings.escapeNixIdentifier n;
        in
        lib.throwIf (opt._type or null != "option")
          "In attrTag, each tag value must be an option, but tag ${tag} ${
            if opt ? _type then "was of type ${opt._type}" else "was not"
          }."
          (
            opt
            // {
              declarations = opt.declarations or [ (if pos == null then lib.unknownModule else pos.file) ];
              declarationPositions = opt.declarationPositions or (lib.optional (pos != null) pos);
            }
          );
      known = mapAttrs declared tags;
    in
    mkOptionType {
      name = "attrTag";
      description = "attribute-tagged union with choices: ${choices}";
      descriptionClass = "noun";
      check = v: isAttrs v && length (attrNames v) == 1 && known ? ${head (attrNames v)};
      merge =
        loc: defs:
        let
          choice = head (attrNames (head defs).value);
          other = lib.findFirst (d: attrNames d.value != [ choice ]) null defs;
          tagDefs = map (d: d // { value = d.value.${choice}; }) defs;
        in
        if other != null then
          throw "The option `${showOption loc}` is defined both as `${choice}` and `${head (attrNames other.value)}`, in ${showFiles (getFiles defs)}."
        else
          {
            ${choice} = (lib.evalOptionValue (loc ++ [ choice ]) (lib.fixupOptionType loc known.${choice}) tagDefs).value;
          };
      getSubOptions =
        prefix: mapAttrs (n: opt: opt // { loc = prefix ++ [ n ]; }) known;
      functor = lib.types.defaultFunctor "attrTag" // {
        type = payload: attrTag payload.tags;
        payload = { inherit tags; };
        binOp =
          a: b:
          let
            common = attrNames (intersectAttrs a.tags b.tags);
            merged = n: (lib.mergeOptionDecls [ n ] [ { _file = lib.unknownModule; options = a.tags.${n}; } { _file = lib.unknownModule; options = b.tags.${n}; } ]);
          in
          { tags = a.tags // b.tags // lib.genAttrs common merged; };
      };
      nestedTypes = mapAttrs (_: opt: opt.type or lib.types.unspecified) tags;
    };
}
