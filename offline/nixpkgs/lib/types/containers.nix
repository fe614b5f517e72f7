# Lists, attribute sets and functions whose elements have a type of their own.
{ lib }:
let
  inherit (builtins)
    concatLists
    concatMap
    foldl'
    isAttrs
    isList
    map
    mapAttrs
    zipAttrsWith
    ;
  inherit (lib) imap1 mergeDefinitions;
  inherit (lib.types) mergeWithMeta mkOptionType optionDescriptionPhrase;

  nounOr = class: class == "noun" || class == "composite";

  # Functor of a type made from one element type.
  elementFunctor = name: make: elemType: {
    inherit name;
    type = payload: make payload.elemType;
    payload = { inherit elemType; };
    binOp = mergeElements;
    wrapped = elemType;
  };
  mergeElements =
    a: b:
    let
      merged = a.elemType.typeMerge b.elemType.functor;
    in
    if merged == null then null else { elemType = merged; };
in
rec {
  attrs = mkOptionType {
    name = "attrs";
    description = "attribute set";
    check = isAttrs;
    merge = _: foldl' (acc: d: acc // d.value) { };
    emptyValue.value = { };
  };

  listOf =
    elemType:
    mkOptionType {
      name = "listOf";
      description = "list of ${optionDescriptionPhrase (class: class == "noun" || class == "composite") elemType}";
      descriptionClass = "composite";
      check = isList;
      # An element may be conditional, so it counts only if something is left of it.
      merge =
        loc: defs:
        concatMap (x: if x ? value then [ x.value ] else [ ]) (
          concatLists (
            imap1 (
              n: def:
              imap1 (
                m: value:
                (mergeDefinitions (loc ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [
                  {
                    inherit (def) file;
                    inherit value;
                  }
                ]).optionalValue
              ) def.value
            ) defs
          )
        );
      emptyValue.value = [ ];
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
      inherit (elemType) getSubModules;
      substSubModules = m: listOf (elemType.substSubModules m);
      functor = elementFunctor "listOf" listOf elemType;
      nestedTypes.elemType = elemType;
    };
  nonEmptyListOf =
    elemType:
    let
      list = lib.types.addCheck (listOf elemType) (xs: xs != [ ]);
    in
    list
    // {
      description = "non-empty ${optionDescriptionPhrase (class: class == "noun") (listOf elemType)}";
      emptyValue = { };
      substSubModules = m: nonEmptyListOf (elemType.substSubModules m);
    };

  attrsOf = elemType: attrsWith { inherit elemType; };
  # Names are known without evaluating any definition; in return a name whose definitions all turn out to be
  # disabled is an error when it is read, or the element type's empty value.
  lazyAttrsOf =
    elemType:
    attrsWith {
      inherit elemType;
      lazy = true;
    };
  attrsWith =
    {
      elemType,
      lazy ? false,
      placeholder ? "name",
    }:
    mkOptionType {
      name = if lazy then "lazyAttrsOf" else "attrsOf";
      description =
        (if lazy then "lazy attribute set" else "attribute set")
        + " of ${optionDescriptionPhrase nounOr elemType}";
      descriptionClass = "composite";
      check = isAttrs;
      merge = mergeWithMeta (
        { loc, defs }:
        let
          perName = zipAttrsWith (name: mergeDefinitions (loc ++ [ name ]) elemType) (
            map (
              def:
              mapAttrs (_: value: {
                inherit (def) file;
                inherit value;
              }) def.value
            ) defs
          );
          # What a lazy set has of a name is only known when that is read.
          present = if lazy then perName else lib.filterAttrs (_: m: m.isDefined) perName;
        in
        {
          value =
            if lazy then
              mapAttrs (_: m: m.optionalValue.value or elemType.emptyValue.value or m.mergedValue) present
            else
              mapAttrs (_: m: m.optionalValue.value) present;
          valueMeta.attrs = mapAttrs (_: m: m.valueMeta) present;
        }
      );
      emptyValue.value = { };
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<${placeholder}>" ]);
      inherit (elemType) getSubModules;
      substSubModules =
        m:
        attrsWith {
          elemType = elemType.substSubModules m;
          inherit lazy placeholder;
        };
      functor = {
        name = "attrsWith";
        type = attrsWith;
        wrapped = elemType;
        payload = { inherit elemType lazy placeholder; };
        binOp =
          a: b:
          let
            elements = mergeElements a b;
            # The placeholder that says nothing gives way to one that was chosen.
            name =
              if a.placeholder == b.placeholder then
                a.placeholder
              else if a.placeholder == "name" then
                b.placeholder
              else if b.placeholder == "name" then
                a.placeholder
              else
                null;
          in
          if elements == null || a.lazy != b.lazy || name == null then
            null
          else
            elements
            // {
              inherit (a) lazy;
              placeholder = name;
            };
      };
      nestedTypes.elemType = elemType;
    };

  functionTo =
    elemType:
    mkOptionType {
      name = "functionTo";
      description = "function that evaluates to a(n) ${optionDescriptionPhrase nounOr elemType}";
      descriptionClass = "composite";
      check = lib.isFunction;
      merge =
        loc: defs: arg:
        (mergeDefinitions (loc ++ [ "<function body>" ]) elemType (
          map (d: d // { value = d.value arg; }) defs
        )).mergedValue;
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<function body>" ]);
      inherit (elemType) getSubModules;
      substSubModules = m: functionTo (elemType.substSubModules m);
      functor = elementFunctor "functionTo" functionTo elemType;
      nestedTypes.elemType = elemType;
    };

  # At most one definition.
  unique =
    { message }:
    type:
    mkOptionType {
      name = "unique";
      inherit (type)
        description
        descriptionClass
        check
        emptyValue
        getSubOptions
        getSubModules
        ;
      merge = lib.mergeUniqueOption {
        inherit message;
        inherit (type) merge;
      };
      substSubModules = m: unique { inherit message; } (type.substSubModules m);
      functor = elementFunctor "unique" (unique { inherit message; }) type;
      nestedTypes.elemType = type;
    };
  uniq = unique { message = ""; };
}
