# Types whose values have no structure that the module system looks into.
{ lib }:
let
  inherit (builtins)
    any
    isAttrs
    isBool
    isFloat
    isInt
    isString
    length
    map
    substring
    ;
  inherit (lib)
    getFiles
    mergeEqualOption
    mergeOneOption
    showFiles
    showOption
    ;
  inherit (lib.types) mkOptionType addCheck;

  show = n: if isFloat n then lib.strings.floatToString n else toString n;
  betweenText = low: high: "${show low} and ${show high} (both inclusive)";
in
rec {
  # No checks; one definition only, taken as it is.
  raw = mkOptionType {
    name = "raw";
    description = "raw value";
    descriptionClass = "noun";
    merge = mergeOneOption;
  };

  # Anything, merged by the kind that all definitions have in common.
  anything = mkOptionType {
    name = "anything";
    description = "anything";
    descriptionClass = "noun";
    merge =
      loc: defs:
      let
        kindOf =
          v: if isAttrs v && lib.isStringLike v then "stringCoercibleSet" else builtins.typeOf v;
        kinds = lib.unique (map (d: kindOf d.value) defs);
        # Sets and functions are merged further; a set that stands for a string (a package) is one value.
        mergeByKind = {
          set = (lib.types.attrsOf anything).merge;
          stringCoercibleSet = mergeOneOption;
          lambda =
            loc: defs: arg:
            anything.merge (loc ++ [ "<function body>" ]) (map (d: d // { value = d.value arg; }) defs);
        };
      in
      if length kinds > 1 then
        throw "The option `${showOption loc}' has conflicting option types in ${showFiles (getFiles defs)}"
      else
        (mergeByKind.${builtins.head kinds} or mergeEqualOption) loc defs;
  };

  unspecified = mkOptionType {
    name = "unspecified";
    description = "unspecified value";
    descriptionClass = "noun";
  };

  bool = mkOptionType {
    name = "bool";
    description = "boolean";
    descriptionClass = "noun";
    check = isBool;
    merge = mergeEqualOption;
  };
  boolByOr = mkOptionType {
    name = "boolByOr";
    description = "boolean (merged using or)";
    descriptionClass = "noun";
    check = isBool;
    merge = _: defs: any (d: d.value) defs;
  };

  int = mkOptionType {
    name = "int";
    description = "signed integer";
    descriptionClass = "noun";
    check = isInt;
    merge = mergeEqualOption;
  };
  ints =
    let
      bounded =
        low: high:
        assert lib.assertMsg (low <= high) "ints.between: lowest must be smaller than highest";
        addCheck int (x: x >= low && x <= high)
        // {
          name = "intBetween";
          description = "integer between ${betweenText low high}";
        };
      sized =
        bits: name: start: low: high:
        bounded low high
        // {
          inherit name;
          description = "${start}; between ${betweenText low high}";
        };
      power = n: if n == 0 then 1 else 2 * power (n - 1);
      unsignedOf = bits: sized bits "unsignedInt${toString bits}" "${toString bits} bit unsigned integer" 0 (power bits - 1);
      signedOf =
        bits:
        sized bits "signedInt${toString bits}" "${toString bits} bit signed integer" (0 - power (bits - 1)) (
          power (bits - 1) - 1
        );
    in
    {
      between = bounded;
      unsigned = addCheck int (x: x >= 0) // {
        name = "unsignedInt";
        description = "unsigned integer, meaning >=0";
        descriptionClass = "nonRestrictiveClause";
      };
      positive = addCheck int (x: x > 0) // {
        name = "positiveInt";
        description = "positive integer, meaning >0";
        descriptionClass = "nonRestrictiveClause";
      };
      u8 = unsignedOf 8;
      u16 = unsignedOf 16;
      u32 = unsignedOf 32;
      s8 = signedOf 8;
      s16 = signedOf 16;
      s32 = signedOf 32;
    };
  port = ints.u16;

  float = mkOptionType {
    name = "float";
    description = "floating point number";
    descriptionClass = "noun";
    check = isFloat;
    merge = mergeEqualOption;
  };
  number = lib.types.either int float;
  numbers = {
    between =
      low: high:
      assert lib.assertMsg (low <= high) "numbers.between: lowest must be smaller than highest";
      addCheck number (x: x >= low && x <= high)
      // {
        name = "numberBetween";
        description = "integer or floating point number between ${betweenText low high}";
      };
    nonnegative = addCheck number (x: x >= 0) // {
      name = "numberNonnegative";
      description = "nonnegative integer or floating point number, meaning >=0";
      descriptionClass = "nonRestrictiveClause";
    };
    positive = addCheck number (x: x > 0) // {
      name = "numberPositive";
      description = "positive integer or floating point number, meaning >0";
      descriptionClass = "nonRestrictiveClause";
    };
  };

  # A derivation, or a store path that stands for one.
  package = mkOptionType {
    name = "package";
    descriptionClass = "noun";
    check = x: lib.isDerivation x || lib.isStorePath x;
    merge =
      loc: defs:
      let
        v = mergeOneOption loc defs;
      in
      if builtins.isPath v || (isString v && !builtins.hasContext v) then lib.toDerivation v else v;
  };
  shellPackage = package // {
    check = x: lib.isDerivation x && x ? shellPath;
  };
  pkgs = addCheck (lib.types.unique { message = "A Nixpkgs pkgs set can not be merged with another pkgs set."; } lib.types.attrs
    // {
      name = "pkgs";
      descriptionClass = "noun";
      description = "Nixpkgs package set";
    }
  ) (x: x._type or null == "pkgs");
  fileset = mkOptionType {
    name = "fileset";
    description = "fileset";
    descriptionClass = "noun";
    check = x: isAttrs x && x._type or "" == "fileset";
  };

  path = pathWith { absolute = true; };
  pathInStore = pathWith { inStore = true; };
  externalPath = pathWith {
    absolute = true;
    inStore = false;
  };
  pathWith =
    {
      inStore ? null,
      absolute ? null,
    }:
    lib.throwIf (inStore == true && absolute == false) "In pathWith, inStore means the path must be absolute" (mkOptionType {
      name = "path";
      description =
        (if absolute == null then "" else if absolute then "absolute " else "relative ")
        + "path"
        + (if inStore == null then "" else if inStore then " in the Nix store" else " not in the Nix store");
      descriptionClass = "noun";
      merge = mergeEqualOption;
      functor = lib.types.defaultFunctor "path" // {
        type = pathWith;
        payload = { inherit inStore absolute; };
        binOp = a: b: if a == b then a else null;
      };
      check =
        x:
        let
          s = toString x;
          isAbsolute = substring 0 1 s == "/";
          # Something below the store directory, not the directory or its hidden files.
          isInStore = builtins.match "${lib.escapeRegex builtins.storeDir}/[^.].*" s != null;
          fitsStore = inStore == null || inStore == isInStore;
          fitsAbsolute = absolute == null || absolute == isAbsolute;
        in
        lib.isStringLike x && fitsStore && fitsAbsolute;
    });

  optionType = mkOptionType {
    name = "optionType";
    description = "optionType";
    descriptionClass = "noun";
    check = v: v._type or null == "option-type";
    merge =
      loc: defs:
      if length defs == 1 then
        (builtins.head defs).value
      else
        # Types merge as they do when an option is declared more than once.
        let
          options = map (
            { file, value }:
            {
              _file = file;
              pos = builtins.unsafeGetAttrPos "value" { inherit value; };
              options = lib.mkOption { type = value; };
            }
          ) defs;
        in
        (lib.fixupOptionType loc (lib.mergeOptionDecls loc options)).type;
  };
  luaInline = mkOptionType {
    name = "luaInline";
    description = "inline lua";
    descriptionClass = "noun";
    check = x: x._type or null == "lua-inline";
    merge = mergeOneOption;
  };
  optionDeclaration = mkOptionType {
    name = "optionDeclaration";
    description = "option declaration";
    descriptionClass = "noun";
    check = v: v._type or null == "option";
    merge = mergeOneOption;
  };
}
