# Functions about functions, booleans, numbers and warnings: what everything else leans on.
{ lib }:
let
  inherit (builtins) foldl' readFile;
in
rec {
  inherit (builtins)
    add
    addErrorContext
    appendContext
    bitAnd
    bitOr
    bitXor
    ceil
    compareVersions
    convertHash
    deepSeq
    div
    floor
    fromJSON
    fromTOML
    genericClosure
    getContext
    hasContext
    hashFile
    hashString
    isBool
    isFloat
    isInt
    isPath
    lessThan
    mul
    pathExists
    placeholder
    readDir
    readFile
    readFileType
    seq
    splitVersion
    sub
    toFile
    toXML
    trace
    tryEval
    unsafeDiscardOutputDependency
    unsafeGetAttrPos
    ;

  id = x: x;
  const = x: _: x;
  flip =
    f: a: b:
    f b a;
  pipe = foldl' (x: f: f x);
  concat = x: y: x ++ y;
  "or" = x: y: x || y;
  and = x: y: x && y;
  xor = x: y: (!x) != (!y);
  bitNot = builtins.sub (-1);
  mergeAttrs = x: y: x // y;
  mapNullable = f: a: if a == null then null else f a;
  defaultTo = fallback: a: if a == null then fallback else a;

  boolToString = b: if b then "true" else "false";
  boolToYesNo = b: if b then "yes" else "no";

  min = x: y: if x < y then x else y;
  max = x: y: if x > y then x else y;
  mod = base: int: base - (int * (builtins.div base int));
  compare =
    a: b:
    if a < b then
      -1
    else if a > b then
      1
    else
      0;
  # Elements that satisfy `p` come first; within both halves the given comparators decide.
  splitByAndCompare =
    p: yes: no: a: b:
    if p a then
      (if p b then yes a b else -1)
    else if p b then
      1
    else
      no a b;

  importJSON = path: builtins.fromJSON (readFile path);
  importTOML = path: builtins.fromTOML (readFile path);

  setFunctionArgs = f: args: {
    __functor = _: f;
    __functionArgs = args;
  };
  functionArgs =
    f: if f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else builtins.functionArgs f;
  isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
  toFunction = v: if isFunction v then v else _: v;
  mirrorFunctionArgs =
    f:
    let
      args = functionArgs f;
    in
    g: setFunctionArgs g args;

  warn = msg: builtins.warn or (m: builtins.trace "evaluation warning: ${m}") msg;
  info = msg: builtins.trace "INFO: ${msg}";
  warnIf = cond: msg: if cond then warn msg else id;
  warnIfNot = cond: warnIf (!cond);
  throwIf = cond: msg: if cond then throw msg else id;
  throwIfNot = cond: throwIf (!cond);
  showWarnings = warnings: result: lib.foldr warn result warnings;
  checkListOfEnum =
    msg: valid: given:
    let
      unexpected = lib.subtractLists valid given;
    in
    throwIfNot (unexpected == [ ])
      "${msg}: ${
        builtins.concatStringsSep ", " (map toString unexpected)
      } unexpected; valid ones: ${builtins.concatStringsSep ", " (map toString valid)}";

  toHexString = n: lib.concatMapStrings (d: builtins.substring d 1 "0123456789ABCDEF") (toBaseDigits 16 n);
  fromHexString =
    s: (builtins.fromTOML "v=0x${lib.removePrefix "0x" (lib.toLower s)}").v;
  toBaseDigits =
    base: n:
    let
      go = m: if m < base then [ m ] else go (m / base) ++ [ (mod m base) ];
    in
    assert builtins.isInt base && base >= 2 && builtins.isInt n && n >= 0;
    go n;

  inNixShell = builtins.getEnv "IN_NIX_SHELL" != "";
  inPureEvalMode = !builtins ? currentSystem;

  # The release that the stand-in follows; configurations compare it with `stateVersion`.
  release = "26.05";
  codeName = "Yarara";
  oldestSupportedRelease = 2511;
  isInOldestRelease = oldestSupportedReleaseIsAtLeast;
  oldestSupportedReleaseIsAtLeast = r: r <= oldestSupportedRelease;
  version = release + versionSuffix;
  nixpkgsVersion = version;
  versionSuffix = "pre-offline";
  revisionWithDefault = fallback: fallback;
}
