# Attribute sets.
{ lib }:
let
  inherit (builtins)
    attrNames
    concatMap
    elemAt
    filter
    foldl'
    head
    isAttrs
    length
    listToAttrs
    map
    mapAttrs
    removeAttrs
    tail
    zipAttrsWith
    ;
in
rec {
  inherit (builtins)
    attrNames
    attrValues
    catAttrs
    getAttr
    hasAttr
    intersectAttrs
    isAttrs
    listToAttrs
    mapAttrs
    removeAttrs
    zipAttrsWith
    ;

  nameValuePair = name: value: { inherit name value; };
  attrsToList = mapAttrsToList nameValuePair;
  optionalAttrs = cond: attrs: if cond then attrs else { };
  setAttrByPath =
    path: value: lib.foldr (name: inner: { ${name} = inner; }) value path;
  attrByPath =
    path: fallback: set:
    let
      n = length path;
      go = i: v: if i == n then v else if isAttrs v && v ? ${elemAt path i} then go (i + 1) v.${elemAt path i} else fallback;
    in
    go 0 set;
  hasAttrByPath =
    path: set:
    let
      n = length path;
      go = i: v: i == n || (isAttrs v && v ? ${elemAt path i} && go (i + 1) v.${elemAt path i});
    in
    go 0 set;
  longestValidPathPrefix =
    path: set:
    let
      n = length path;
      go = i: v: if i < n && isAttrs v && v ? ${elemAt path i} then go (i + 1) v.${elemAt path i} else lib.take i path;
    in
    go 0 set;
  getAttrFromPath =
    path: set: attrByPath path (abort "cannot find attribute '${lib.concatStringsSep "." path}'") set;
  attrVals = names: set: map (n: set.${n}) names;
  getAttrs = names: set: lib.genAttrs names (n: set.${n});

  genAttrs = names: f: genAttrs' names (n: nameValuePair n (f n));
  genAttrs' = xs: f: listToAttrs (map f xs);
  mapAttrs' = f: set: listToAttrs (map (n: f n set.${n}) (attrNames set));
  mapAttrsToList = f: set: map (n: f n set.${n}) (attrNames set);
  concatMapAttrs = f: set: mergeAttrsList (mapAttrsToList f set);
  concatMapAttrsToList = f: set: concatMap (n: f n set.${n}) (attrNames set);
  filterAttrs = pred: set: removeAttrs set (filter (n: !pred n set.${n}) (attrNames set));
  filterAttrsRecursive =
    pred: set:
    listToAttrs (
      concatMap (
        n:
        let
          v = set.${n};
        in
        lib.optional (pred n v) (nameValuePair n (if isAttrs v then filterAttrsRecursive pred v else v))
      ) (attrNames set)
    );
  foldlAttrs = f: init: set: foldl' (acc: n: f acc n set.${n}) init (attrNames set);
  foldAttrs =
    op: nul: sets: mapAttrs (_: lib.foldr op nul) (zipAttrsWith (_: vs: vs) sets);
  mapAttrsRecursive = mapAttrsRecursiveCond (_: true);
  mapAttrsRecursiveCond =
    cond: f: set:
    let
      go = path: mapAttrs (n: v: if isAttrs v && cond v then go (path ++ [ n ]) v else f (path ++ [ n ]) v);
    in
    go [ ] set;
  mapAttrsToListRecursive = mapAttrsToListRecursiveCond (_: _: true);
  mapAttrsToListRecursiveCond =
    cond: f: set:
    let
      go =
        path: v:
        if isAttrs v && (path == [ ] || cond path v) then
          concatMap (n: go (path ++ [ n ]) v.${n}) (attrNames v)
        else
          [ (f path v) ];
    in
    go [ ] set;
  collect =
    pred: v:
    if pred v then
      [ v ]
    else if isAttrs v then
      concatMap (collect pred) (builtins.attrValues v)
    else
      [ ];

  # Halves rather than a left fold: n sets of one name each cost n log n, not n².
  mergeAttrsList =
    sets:
    let
      go =
        lo: hi:
        if hi - lo == 0 then
          { }
        else if hi - lo == 1 then
          elemAt sets lo
        else
          let
            mid = lo + (hi - lo) / 2;
          in
          go lo mid // go mid hi;
    in
    go 0 (length sets);
  recursiveUpdateUntil =
    stop: left: right:
    let
      go =
        path:
        zipAttrsWith (
          n: vs:
          let
            here = path ++ [ n ];
          in
          if length vs == 1 || stop here (elemAt vs 1) (head vs) then head vs else go here vs
        );
    in
    go [ ] [ right left ];
  recursiveUpdate =
    left: right: recursiveUpdateUntil (_: l: r: !(isAttrs l && isAttrs r)) left right;
  unionOfDisjoint =
    a: b:
    let
      shared = attrNames (builtins.intersectAttrs a b);
      collision = n: throw "unionOfDisjoint: collision on ${n}; complete list: ${lib.concatStringsSep ", " shared}";
    in
    (a // b) // genAttrs shared collision;
  overrideExisting = old: new: mapAttrs (n: v: new.${n} or v) old;
  matchAttrs =
    pattern: set:
    builtins.all (
      n:
      set ? ${n}
      && (
        let
          p = pattern.${n};
          v = set.${n};
        in
        if isAttrs p then isAttrs v && matchAttrs p v else p == v
      )
    ) (attrNames pattern);

  zipAttrs = builtins.zipAttrsWith (_: vs: vs);
  zipAttrsWithNames =
    names: f: sets: listToAttrs (map (n: nameValuePair n (f n (builtins.catAttrs n sets))) names);
  cartesianProduct =
    set:
    foldl' (rows: n: concatMap (row: map (v: row // { ${n} = v; }) set.${n}) rows) [ { } ] (attrNames set);
  mapCartesianProduct = f: set: map f (cartesianProduct set);

  # Several updates at once; a deeper path is applied before the path above it.
  updateManyAttrsByPath =
    updates: value:
    let
      go =
        ups: has: v:
        let
          split = builtins.partition (u: u.path == [ ]) ups;
          below = builtins.groupBy (u: head u.path) split.wrong;
          deeper =
            if split.wrong == [ ] then
              v
            else if has && !isAttrs v then
              throw "updateManyAttrsByPath: cannot update below a value that is not an attribute set"
            else
              (if has then v else { })
              // mapAttrs (
                n: us:
                go (map (u: u // { path = tail u.path; }) us) (has && v ? ${n}) (
                  if has then v.${n} or null else null
                )
              ) below;
          exists = has || split.wrong != [ ];
          missing = throw "updateManyAttrsByPath: a path to update does not exist in the value given, so its old value cannot be asked for";
        in
        foldl' (acc: u: u.update acc) (if exists then deeper else missing) split.right;
    in
    go updates true value;

  isDerivation = v: v.type or null == "derivation";
  toDerivation =
    path:
    let
      p = builtins.appendContext (builtins.unsafeDiscardStringContext (toString path)) {
        ${builtins.unsafeDiscardStringContext (toString path)}.path = true;
      };
      drv = {
        type = "derivation";
        name = lib.strings.sanitizeDerivationName (builtins.substring 33 (-1) (baseNameOf p));
        outPath = p;
        outputs = [ "out" ];
        out = drv;
        outputName = "out";
      };
    in
    drv;
  recurseIntoAttrs = set: set // { recurseForDerivations = true; };
  dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };

  # The output asked for, else `out`, else the package itself; a package whose output was chosen stays as it is.
  getOutput = output: pkg: if pkg.outputSpecified or false then pkg else pkg.${output} or pkg.out or pkg;
  getFirstOutput =
    candidates: pkg:
    let
      found = lib.findFirst (o: pkg ? ${o}) null candidates;
    in
    if pkg.outputSpecified or false || found == null then pkg else pkg.${found};
  getBin = getOutput "bin";
  getLib = getFirstOutput [ "lib" "out" ];
  getStatic = getFirstOutput [ "static" "lib" "out" ];
  getDev = getFirstOutput [ "dev" "out" ];
  getInclude = getFirstOutput [ "include" "dev" "out" ];
  getMan = getFirstOutput [ "man" "out" ];
  chooseDevOutputs = map getDev;

  # Types of module values (`_type`), as opposed to Nix's own.
  setType = typeName: value: value // { _type = typeName; };
  isType = type: v: v._type or "" == type;

  showAttrPath =
    path: if path == [ ] then "<root attribute path>" else lib.concatMapStringsSep "." lib.strings.escapeNixIdentifier path;
}
