# Attribute sets to the text of configuration files, and values to text for people.
{ lib }:
let
  inherit (builtins)
    elem
    functionArgs
    isAttrs
    isBool
    isFloat
    isInt
    isList
    isPath
    isString
    length
    map
    mapAttrs
    typeOf
    ;
  inherit (lib)
    concatLists
    concatMapStringsSep
    concatStringsSep
    filter
    isDerivation
    isFunction
    mapAttrsToList
    optionalString
    toList
    ;
  # Nix has no escape for it.
  backspace = builtins.fromJSON ''"\b"'';
  bad =
    v: what:
    abort "generators.mkValueStringDefault: ${what} not supported: ${lib.generators.toPretty { } v}";
in
rec {
  mkValueStringDefault =
    { }:
    v:
    if isInt v then
      toString v
    else if isDerivation v then
      toString v
    else if isString v then
      v
    else if v == true then
      "true"
    else if v == false then
      "false"
    else if v == null then
      "null"
    else if isList v then
      bad v "lists"
    else if isAttrs v then
      bad v "attrsets"
    else if isFunction v then
      bad v "functions"
    else if isFloat v then
      lib.strings.floatToString v
    else
      bad v "this value is";

  mkKeyValueDefault =
    {
      mkValueString ? mkValueStringDefault { },
    }:
    sep: k: v:
    "${lib.escape [ sep ] k}${sep}${mkValueString v}";

  toKeyValue =
    {
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
      indent ? "",
    }:
    let
      line = k: v: indent + mkKeyValue k v + "\n";
      lines = if listsAsDuplicateKeys then (k: v: map (line k) (toList v)) else (k: v: [ (line k v) ]);
    in
    attrs: lib.concatStrings (concatLists (mapAttrsToList lines attrs));

  toINI =
    {
      mkSectionName ? (name: lib.escape [ "[" "]" ] name),
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    sections:
    concatStringsSep "\n" (
      mapAttrsToList (
        name: values:
        "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values
      ) sections
    );

  toINIWithGlobalSection =
    {
      mkSectionName ? (name: lib.escape [ "[" "]" ] name),
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }@args:
    {
      globalSection,
      sections ? { },
    }:
    (
      if globalSection == { } then
        ""
      else
        toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n"
    )
    + toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } sections;

  # ~/.gitconfig: `a.b.c` becomes [a "b"] with c in it.
  toGitINI =
    attrs:
    let
      section =
        name:
        let
          parts = lib.splitString "." name;
          sub = concatStringsSep "." (lib.tail parts);
        in
        if length parts == 1 then name else "${lib.head parts} \"${sub}\"";
      text =
        v:
        if isString v then "\"${lib.replaceStrings [ "\n" "\t" backspace "\\" "\"" ] [ "\\n" "\\t" "\\b" "\\\\" "\\\"" ] v}\"" else mkValueStringDefault { } v;
      keyValue = k: v: concatMapStringsSep "\n" (x: "\t" + mkKeyValueDefault { mkValueString = text; } " = " k x) (toList v);
      flatten =
        path: v:
        if isAttrs v && !isDerivation v then
          lib.concatLists (mapAttrsToList (n: flatten ([ n ] ++ path)) v)
        else if length path > 1 then
          [ { ${concatStringsSep "." (lib.reverseList (lib.tail path))}.${lib.head path} = v; } ]
        else
          [ { ${lib.head path} = v; } ];
    in
    toINI {
      mkSectionName = section;
      mkKeyValue = keyValue;
    } (lib.foldl' lib.recursiveUpdate { } (flatten [ ] attrs));

  toJSON = { }: builtins.toJSON;
  # JSON is YAML.
  toYAML = toJSON;

  # Values deeper than the limit are replaced, or refused.
  withRecursion =
    {
      depthLimit,
      throwOnDepthLimit ? true,
    }:
    assert isInt depthLimit;
    let
      special = [
        "__functor"
        "__functionArgs"
        "__toString"
        "__pretty"
      ];
      go =
        depth: v:
        if depth > depthLimit then
          if throwOnDepthLimit then
            throw "Exceeded maximum eval-depth limit of ${toString depthLimit} while trying to evaluate with `generators.withRecursion'!"
          else
            "<unevaluated>"
        else if isAttrs v then
          mapAttrs (n: x: if elem n special then x else go (depth + 1) x) v
        else if isList v then
          map (go (depth + 1)) v
        else
          v;
    in
    go 0;

  # A value as Nix source, as far as that can be.
  toPretty =
    {
      allowPrettyValues ? false,
      multiline ? true,
      indent ? "",
    }:
    let
      go =
        indent: v:
        let
          nl = if multiline then "\n${indent}  " else " ";
          end = if multiline then "\n${indent}" else " ";
          next = indent + (if multiline then "  " else "");
        in
        if isInt v then
          toString v
        else if isFloat v then
          lib.strings.floatToString v
        else if isString v then
          let
            pieces = filter (x: !isList x) (builtins.split "\n" v);
            escapeSingle = lib.replaceStrings [ "\${" ] [ "\\\${" ];
            escapeMulti = lib.replaceStrings [ "\${" "''" ] [ "''\${" "'''" ];
          in
          if multiline && length pieces > 1 then
            "''" + nl + concatMapStringsSep nl escapeMulti (lib.init pieces)
            + (if lib.last pieces == "" then end else nl + escapeMulti (lib.last pieces)) + "''"
          else
            "\"" + concatMapStringsSep "\\n" (s: escapeSingle (lib.escape [ "\\" "\"" ] s)) pieces + "\""
        else if isBool v then
          lib.boolToString v
        else if v == null then
          "null"
        else if isPath v then
          toString v
        else if isList v then
          if v == [ ] then "[ ]" else "[" + nl + concatMapStringsSep nl (go next) v + end + "]"
        else if builtins.isFunction v then
          let
            args = functionArgs v;
            shown = concatStringsSep ", " (mapAttrsToList (n: optional: if optional then n + "?" else n) args);
          in
          if args == { } then "<function>" else "<function, args: {${shown}}>"
        else if isAttrs v then
          if allowPrettyValues && v ? __pretty && v ? val then
            v.__pretty v.val
          else if v == { } then
            "{ }"
          else if isDerivation v then
            "<derivation ${v.name or "???"}>"
          else if isFunction v then
            go indent (lib.toFunction v)
          else
            "{" + nl
            + concatStringsSep nl (
              mapAttrsToList (
                n: x:
                "${lib.strings.escapeNixIdentifier n} = ${
                  builtins.addErrorContext "while evaluating an attribute `${n}`" (go next x)
                };"
              ) v
            )
            + end + "}"
        else
          abort "generators.toPretty: should never happen (v = ${typeOf v})";
    in
    go indent;

  # Property lists, for launchd and for macOS defaults.
  toPlist =
    {
      escape ? false,
    }:
    v:
    let
      text = if escape then lib.escapeXML else lib.id;
      tag = name: ind: x: "${ind}<${name}>${x}</${name}>";
      go =
        ind: x:
        if x == null then
          ""
        else if isBool x then
          "${ind}<${if x then "true" else "false"}/>"
        else if isInt x then
          tag "integer" ind (toString x)
        else if isFloat x then
          tag "real" ind (toString x)
        else if isString x then
          tag "string" ind (text x)
        else if isList x then
          concatStringsSep "\n" ([ "${ind}<array>" ] ++ map (go "${ind}\t") x ++ [ "${ind}</array>" ])
        else if isPath x || isDerivation x then
          tag "string" ind (text (toString x))
        else
          concatStringsSep "\n" (
            [ "${ind}<dict>" ]
            ++ concatLists (
              mapAttrsToList (
                k: y: lib.optionals (y != null) [ (tag "key" "${ind}\t" (text k)) (go "${ind}\t" y) ]
              ) x
            )
            ++ [ "${ind}</dict>" ]
          );
    in
    ''
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
      <plist version="1.0">
    ''
    + go "" v
    + "\n</plist>";

  mkLuaInline = expr: {
    _type = "lua-inline";
    inherit expr;
  };
  toLua =
    {
      multiline ? true,
      indent ? "",
      asBindings ? false,
    }@args:
    v:
    let
      inner = "${indent}${optionalString (!asBindings) "  "}";
      below = args // {
        indent = inner;
        asBindings = false;
      };
      sep = if multiline then "\n${inner}" else " ";
      end = if multiline then "\n${indent}" else " ";
      list = xs: "{${sep}${concatMapStringsSep ",${sep}" (toLua below) xs}${end}}";
    in
    if asBindings then
      concatStringsSep "" (mapAttrsToList (n: x: "${indent}${n} = ${toLua below x}\n") v)
    else if v == null then
      "nil"
    else if isInt v || isFloat v || isString v || isBool v then
      toJSON { } v
    else if isPath v || isDerivation v then
      toJSON { } "${v}"
    else if isList v then
      if v == [ ] then "{}" else list v
    else if isAttrs v then
      if v._type or null == "lua-inline" then
        "(${v.expr})"
      else if v == { } then
        "{}"
      else
        "{${sep}${
          concatStringsSep ",${sep}" (mapAttrsToList (n: x: "[${toJSON { } n}] = ${toLua below x}") v)
        }${end}}"
    else
      abort "generators.toLua: type ${typeOf v} is unsupported";

  toDhall =
    { }@args:
    v:
    if isAttrs v then
      "{ ${concatStringsSep ", " (mapAttrsToList (n: x: "${n} = ${toDhall args x}") v)} }"
    else if isList v then
      "[ ${concatMapStringsSep ", " (toDhall args) v} ]"
    else if isInt v then
      "${if v < 0 then "" else "+"}${toString v}"
    else if isBool v then
      (if v then "True" else "False")
    else
      toJSON { } v;
}
