# Types that are one of several things.
{ lib }:
let
  inherit (builtins)
    all
    elem
    foldl'
    head
    isBool
    isInt
    isString
    length
    map
    tail
    ;
  inherit (lib) getFiles getValues showFiles showOption;
  inherit (lib.types) mkOptionType optionDescriptionPhrase;
in
rec {
  enum =
    values:
    let
      show =
        v:
        if isString v then
          "\"${v}\""
        else if isInt v then
          toString v
        else if isBool v then
          lib.boolToString v
        else
          "<${builtins.typeOf v}>";
    in
    mkOptionType {
      name = "enum";
      description =
        if values == [ ] then
          "impossible (empty enum)"
        else if length values == 1 then
          "value ${show (head values)} (singular enum)"
        else
          "one of ${lib.concatMapStringsSep ", " show values}";
      descriptionClass = if length values < 2 then "noun" else "conjunction";
      check = v: elem v values;
      merge = lib.mergeEqualOption;
      functor = lib.types.defaultFunctor "enum" // {
        type = payload: enum payload.values;
        payload = { inherit values; };
        # Declaring it again adds choices.
        binOp = a: b: { values = lib.unique (a.values ++ b.values); };
      };
    };

  nullOr =
    elemType:
    mkOptionType {
      name = "nullOr";
      description = "null or ${
        optionDescriptionPhrase (class: class == "noun" || class == "conjunction") elemType
      }";
      descriptionClass = "conjunction";
      check = x: x == null || elemType.check x;
      merge =
        loc: defs:
        let
          nulls = lib.count (d: d.value == null) defs;
        in
        if nulls == length defs then
          null
        else if nulls != 0 then
          throw "The option `${showOption loc}` is defined both null and not null, in ${showFiles (getFiles defs)}."
        else
          elemType.merge loc defs;
      emptyValue.value = null;
      inherit (elemType) getSubOptions getSubModules;
      substSubModules = m: nullOr (elemType.substSubModules m);
      functor = {
        name = "nullOr";
        type = payload: nullOr payload.elemType;
        wrapped = elemType;
        payload = { inherit elemType; };
        binOp =
          a: b:
          let
            merged = a.elemType.typeMerge b.elemType.functor;
          in
          if merged == null then null else { elemType = merged; };
      };
      nestedTypes.elemType = elemType;
    };

  # The first that takes all definitions; if neither does, they may still be equal.
  either =
    left: right:
    mkOptionType {
      name = "either";
      description =
        if left.descriptionClass or null == "nonRestrictiveClause" then
          "${left.description}, or ${
            optionDescriptionPhrase (class: class == "noun" || class == "conjunction") right
          }"
        else
          "${optionDescriptionPhrase (class: class == "noun" || class == "conjunction") left} or ${
            optionDescriptionPhrase (
              class: class == "noun" || class == "conjunction" || class == "composite"
            ) right
          }";
      descriptionClass = "conjunction";
      check = x: left.check x || right.check x;
      merge =
        loc: defs:
        let
          values = getValues defs;
        in
        if all left.check values then
          left.merge loc defs
        else if all right.check values then
          right.merge loc defs
        else
          lib.mergeOneOption loc defs;
      typeMerge =
        f:
        let
          l = left.typeMerge (head f.payload.elemType).functor;
          r = right.typeMerge (lib.elemAt f.payload.elemType 1).functor;
        in
        if f.name == "either" && l != null && r != null then lib.types.either l r else null;
      functor = lib.types.defaultFunctor "either" // {
        payload.elemType = [
          left
          right
        ];
        wrapped = [
          left
          right
        ];
      };
      nestedTypes = { inherit left right; };
    };
  oneOf =
    types:
    let
      all' = if types == [ ] then throw "types.oneOf needs to get at least one type in its argument" else types;
    in
    foldl' either (head all') (tail all');

  # Definitions of the first type are turned into the final type before they are merged.
  coercedTo =
    coercedType: coerce: finalType:
    lib.throwIf (coercedType.getSubModules != null)
      "coercedTo: coercedType must not have submodules (it’s a ${coercedType.description})"
      (mkOptionType {
        name = "coercedTo";
        description = "${optionDescriptionPhrase (class: class == "noun") finalType} or ${
          optionDescriptionPhrase (class: class == "noun") coercedType
        } convertible to it";
        check = x: (coercedType.check x && finalType.check (coerce x)) || finalType.check x;
        merge =
          loc: defs:
          finalType.merge loc (
            map (d: d // { value = if coercedType.check d.value then coerce d.value else d.value; }) defs
          );
        inherit (finalType) emptyValue getSubOptions getSubModules;
        substSubModules = m: coercedTo coercedType coerce (finalType.substSubModules m);
        # Two coercions cannot be compared, so declarations do not merge.
        typeMerge = _: null;
        functor = lib.types.defaultFunctor "coercedTo" // {
          wrapped = finalType;
        };
        nestedTypes = { inherit coercedType finalType; };
      });
}
