# Strings: joining, cutting, escaping, and reading versions and numbers out of them.
{ lib }:
let
  inherit (builtins)
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    genList
    head
    isAttrs
    isInt
    isList
    isPath
    isString
    length
    map
    match
    replaceStrings
    split
    stringLength
    substring
    typeOf
    ;

  # A path given to these would be copied to the store by interpolation and never match.
  refusePath =
    fn: given:
    lib.warnIf (isPath given) "lib.strings.${fn}: The first argument (${toString given}) is a path value, but only strings are supported. Such a value would be copied to the store on coercion and never match; use toString or a string instead.";

  nixKeywords = [
    "assert"
    "else"
    "if"
    "in"
    "inherit"
    "let"
    "or"
    "rec"
    "then"
    "with"
  ];

  asciiTable = builtins.fromJSON (builtins.readFile ./ascii.json);
in
rec {
  inherit (lib.trivial) boolToString boolToYesNo;
  inherit (builtins)
    compareVersions
    concatStringsSep
    elem
    elemAt
    filter
    fromJSON
    genList
    getContext
    hasContext
    head
    isInt
    isList
    isAttrs
    isPath
    isString
    match
    parseDrvName
    readFile
    replaceStrings
    split
    storeDir
    stringLength
    substring
    tail
    toJSON
    typeOf
    unsafeDiscardStringContext
    ;
  toString = builtins.toString;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: xs: concatStrings (map f xs);
  concatImapStrings = f: xs: concatStrings (lib.imap1 f xs);
  concatMapStringsSep = sep: f: xs: concatStringsSep sep (map f xs);
  concatImapStringsSep = sep: f: xs: concatStringsSep sep (lib.imap1 f xs);
  concatMapAttrsStringSep = sep: f: set: concatStringsSep sep (lib.mapAttrsToList f set);
  concatLines = concatMapStrings (s: s + "\n");
  intersperse =
    sep: xs: lib.drop 1 (concatMap (x: [ sep x ]) xs);
  replicate = n: s: concatStrings (lib.lists.replicate n s);
  join = concatStringsSep;
  optionalString = cond: s: if cond then s else "";
  normalizePath = s: lib.concatStrings (map (p: if isList p then "/" else p) (split "/+" (toString s)));

  makeSearchPath =
    sub: paths: concatStringsSep ":" (map (p: p + "/" + sub) (filter (p: p != null) paths));
  makeSearchPathOutput = output: sub: pkgs: makeSearchPath sub (map (lib.getOutput output) pkgs);
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
  makeBinPath = makeSearchPathOutput "bin" "bin";

  hasPrefix = prefix: s: refusePath "hasPrefix" prefix (substring 0 (stringLength prefix) s == prefix);
  hasSuffix =
    suffix: s:
    let
      n = stringLength s;
      m = stringLength suffix;
    in
    refusePath "hasSuffix" suffix (n >= m && substring (n - m) n s == suffix);
  hasInfix =
    infix: s:
    refusePath "hasInfix" infix (match ".*${escapeRegex infix}.*" (builtins.unsafeDiscardStringContext "${s}") != null);
  removePrefix =
    prefix: s:
    let
      n = stringLength prefix;
    in
    refusePath "removePrefix" prefix (
      if substring 0 n s == prefix then substring n (-1) s else s
    );
  removeSuffix =
    suffix: s:
    let
      n = stringLength suffix;
      m = stringLength s;
    in
    refusePath "removeSuffix" suffix (
      if n <= m && suffix == substring (m - n) n s then substring 0 (m - n) s else s
    );
  stringToCharacters = s: genList (i: substring i 1 s) (stringLength s);
  stringAsChars = f: s: concatStrings (map f (stringToCharacters s));
  charToInt = c: asciiTable.${c};
  splitString =
    sep: s:
    map (lib.addContextFrom s) (
      filter isString (split (escapeRegex (toString sep)) (builtins.unsafeDiscardStringContext (toString s)))
    );
  addContextFrom = from: to: substring 0 0 from + to;
  trim = trimWith { start = true; end = true; };
  trimWith =
    {
      start ? false,
      end ? false,
    }:
    s:
    let
      blank = " \t\r\n";
      left = if start then "[${blank}]*" else "";
      right = if end then "(.*[^${blank}])[${blank}]*" else "(.*)";
      found = match (left + right) s;
    in
    if found == null then "" else head found;
  commonPrefixLength =
    a: b:
    let
      n = lib.min (stringLength a) (stringLength b);
      go = i: if i < n && substring i 1 a == substring i 1 b then go (i + 1) else i;
    in
    go 0;
  replaceString = from: to: replaceStrings [ from ] [ to ];

  lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
  upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  toLower = replaceStrings upperChars lowerChars;
  toUpper = replaceStrings lowerChars upperChars;
  toSentenceCase = s: toUpper (substring 0 1 s) + toLower (substring 1 (stringLength s) s);
  toCamelCase =
    s:
    let
      words = filter (w: isString w && w != "") (split "[ _-]+" s);
    in
    if words == [ ] then
      ""
    else
      toLower (substring 0 1 (head words)) + substring 1 (-1) (head words)
      + concatMapStrings (w: toUpper (substring 0 1 w) + substring 1 (-1) w) (builtins.tail words);

  escape = chars: replaceStrings chars (map (c: "\\${c}") chars);
  escapeC =
    chars:
    replaceStrings chars (
      map (c: "\\x${fixedWidthString 2 "0" (lib.toLower (lib.toHexString (charToInt c)))}") chars
    );
  # Bytes beyond ASCII are left as they are.
  escapeURL =
    let
      codes = builtins.removeAttrs asciiTable (
        stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
      );
      chars = builtins.attrNames codes;
    in
    replaceStrings chars (map (c: "%" + fixedWidthString 2 "0" (lib.toHexString codes.${c})) chars);
  escapeShellArg =
    arg:
    let
      s = toString arg;
    in
    if match "[[:alnum:],._+:@%/-]+" s == null then "'${replaceStrings [ "'" ] [ "'\\''" ] s}'" else s;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeNixString = s: escape [ "$" ] (builtins.toJSON s);
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
  escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
  escapeNixIdentifier =
    s: if match "[a-zA-Z_][a-zA-Z0-9_'-]*" s != null && !elem s nixKeywords then s else escapeNixString s;
  isValidPosixName = name: match "[a-zA-Z_][a-zA-Z0-9_]*" name != null;
  # bash: a list becomes an array, a set an associative array.
  toShellVar =
    name: value:
    lib.throwIfNot (isValidPosixName name) "toShellVar: ${name} is not a valid shell variable name" (
      if isAttrs value && !isStringLike value then
        "declare -A ${name}=(${
          concatStringsSep " " (lib.mapAttrsToList (n: v: "[${escapeShellArg n}]=${escapeShellArg v}") value)
        })"
      else if isList value then
        "declare -a ${name}=(${escapeShellArgs value})"
      else
        "${name}=${escapeShellArg value}"
    );
  toShellVars = vars: concatStringsSep "\n" (lib.mapAttrsToList toShellVar vars);

  isStringLike = x: isString x || isPath x || x ? outPath || x ? __toString;
  isConvertibleWithToString =
    x:
    let
      simple = elem (typeOf x) [ "string" "path" "null" "int" "float" "bool" ];
    in
    simple || (isList x && lib.all isConvertibleWithToString x) || x ? outPath || x ? __toString;
  isStorePath =
    x:
    isStringLike x
    && (
      let
        s = toString x;
      in
      substring 0 1 s == "/" && dirOf s == builtins.storeDir
    );

  versionOlder = a: b: builtins.compareVersions b a == 1;
  versionAtLeast = a: b: !versionOlder a b;
  getName = x: if isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
  getVersion = x: if isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
  nameFromURL =
    url: sep:
    let
      file = lib.last (splitString "/" url);
      name = head (splitString sep file);
    in
    assert name != file;
    name;
  sanitizeDerivationName =
    s:
    let
      plain = builtins.unsafeDiscardStringContext (toString s);
      # No leading dots, only the characters a store path may hold, at most 207 of them.
      stripped = head (match "\\.*(.*)" plain);
      clean = concatMapStrings (p: if isList p then "-" else p) (split "[^[:alnum:]+._?=-]+" stripped);
      cut = substring (lib.max (stringLength clean - 207) 0) (-1) clean;
    in
    if stringLength plain <= 207 && match "[[:alnum:]+_?=-][[:alnum:]+._?=-]*" plain != null then
      plain
    else if cut == "" then
      "unknown"
    else
      cut;

  fixedWidthString =
    width: filler: s:
    let
      n = stringLength s;
    in
    assert lib.assertMsg (n <= width)
      "fixedWidthString: requested string length (${toString width}) must not be shorter than actual length (${toString n})";
    if n == width then s else filler + fixedWidthString (width - stringLength filler) filler s;
  fixedWidthNumber = width: n: fixedWidthString width "0" (toString n);
  floatToString = builtins.toJSON;

  # "08" is refused: it is eight to a person and an error to an octal reader.
  toInt =
    s:
    let
      found = match "[[:space:]]*(-?[[:digit:]]+)[[:space:]]*" s;
      digits = head found;
    in
    if found == null then
      throw "toInt: Could not convert ${escapeNixString s} to int."
    else if match "-?0[[:digit:]]+" digits != null then
      throw "toInt: Ambiguity in interpretation of ${escapeNixString s} between octal and zero padded integer."
    else
      builtins.fromJSON digits;
  toIntBase10 =
    s:
    let
      found = match "[[:space:]]*(-?)0*([[:digit:]]+)[[:space:]]*" s;
    in
    if found == null then
      throw "toIntBase10: Could not convert ${escapeNixString s} to int."
    else
      builtins.fromJSON (head found + elemAt found 1);

  enableFeature = on: feature: "--${if on then "enable" else "disable"}-${feature}";
  enableFeatureAs = on: feature: value: enableFeature on feature + optionalString on "=${value}";
  withFeature = on: feature: "--${if on then "with" else "without"}-${feature}";
  withFeatureAs = on: feature: value: withFeature on feature + optionalString on "=${value}";
  cmakeOptionType = type: name: value: "-D${name}:${toUpper type}=${value}";
  cmakeBool = name: flag: cmakeOptionType "bool" name (if flag then "TRUE" else "FALSE");
  cmakeFeature = cmakeOptionType "string";
  mesonOption = name: value: "-D${name}=${value}";
  mesonBool = name: flag: mesonOption name (boolToString flag);
  mesonEnable = name: flag: mesonOption name (if flag then "enabled" else "disabled");

  readPathsFromFile =
    root: file:
    let
      wanted = filter (l: l != "" && !hasPrefix "#" l) (splitString "\n" (builtins.readFile file));
    in
    map (l: root + "/${l}") wanted;
  fileContents = file: removeSuffix "\n" (builtins.readFile file);
  levenshtein =
    a: b:
    let
      n = stringLength b;
      # One row of the table from the one above it.
      row =
        prev: i:
        lib.foldl' (
          acc: j:
          acc
          ++ [
            (lib.min (lib.min (elemAt acc j + 1) (elemAt prev (j + 1) + 1)) (
              elemAt prev j + (if substring i 1 a == substring j 1 b then 0 else 1)
            ))
          ]
        ) [ (i + 1) ] (lib.range 0 (n - 1));
      first = lib.range 0 n;
    in
    lib.last (lib.foldl' row first (lib.range 0 (stringLength a - 1)));
  levenshteinAtMost =
    k: a: b:
    let
      d = stringLength a - stringLength b;
    in
    (if d < 0 then -d else d) <= k && levenshtein a b <= k;
}
