# What a type is, and how the types of two declarations of one option become one type.
{ lib }:
rec {
  inherit (lib) isType setType;
  isOptionType = isType "option-type";

  mkOptionType =
    {
      # Names the type in `typeMerge`; types of one name are expected to merge.
      name,
      # What messages and manuals call it, and which part of speech that is.
      description ? null,
      descriptionClass ? null,
      # Whether one definition may be merged; everything deeper is up to `merge`.
      check ? (_: true),
      # loc -> [ { file; value; } ] -> value
      merge ? lib.options.mergeDefaultOption,
      # { value = …; } for a place in a container where only a disabled definition stands, or { }.
      emptyValue ? { },
      # For the manual: the options below a value of this type.
      getSubOptions ? (_: { }),
      # For types that are made of modules: those modules, and the type with others in their place.
      getSubModules ? null,
      substSubModules ? (_: null),
      typeMerge ? defaultTypeMerge functor,
      # How the type was made: { name; type; payload; binOp; }
      functor ? defaultFunctor name,
      deprecationMessage ? null,
      nestedTypes ? { },
    }:
    {
      _type = "option-type";
      inherit
        name
        check
        merge
        emptyValue
        getSubOptions
        getSubModules
        substSubModules
        typeMerge
        deprecationMessage
        nestedTypes
        descriptionClass
        functor
        ;
      description = if description == null then name else description;
    };

  # A merge that says more than the value: `v2` takes { loc, defs } to { headError, value, valueMeta }, where
  # `valueMeta` is what an option has under that name.
  mergeWithMeta = v2: {
    __functor =
      _: loc: defs:
      (v2 { inherit loc defs; }).value;
    v2 = args: { headError = null; } // v2 args;
  };

  defaultFunctor = name: {
    inherit name;
    type = lib.types.${name} or null;
    wrapped = null;
    payload = null;
    binOp = _: _: null;
  };

  # null: the two cannot be one type.
  defaultTypeMerge =
    a: b:
    let
      mergedWrapped = a.wrapped.typeMerge b.wrapped.functor;
      mergedPayload = a.binOp a.payload b.payload;
    in
    if a.name != b.name then
      null
    # Newer style: everything that parametrises the type is in the payload.
    else if a.payload != null && b.payload != null then
      if mergedPayload == null then null else a.type mergedPayload
    else if a.wrapped or null != null && b.wrapped or null != null then
      if mergedWrapped == null then null else a.type mergedWrapped
    else if a.payload == null && b.payload == null && a.wrapped or null == null && b.wrapped or null == null then
      a.type
    else
      null;

  mergeTypes =
    a: b:
    if a ? typeMerge && a ? functor && b ? typeMerge && b ? functor then
      let
        merged = a.typeMerge b.functor;
      in
      if merged == null then setType "merge-error" { error = "Cannot merge types"; } else merged
    else
      throw "mergeTypes: both arguments must be option types";

  # The description of `t` for use inside another description; in parentheses unless its part of speech fits.
  optionDescriptionPhrase =
    fits: t:
    if fits (t.descriptionClass or null) then t.description else "(${t.description})";

  # An extra condition on top of a type's own.
  addCheck =
    type: check:
    type // { check = x: type.check x && check x; };
  noCheckForDocsModule = lib.mkOption { visible = false; };
}
