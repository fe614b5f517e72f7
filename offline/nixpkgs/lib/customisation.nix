# Functions whose arguments can be changed after the fact, and sets of packages called with what they ask for.
{ lib }:
let
  inherit (builtins)
    attrNames
    filter
    intersectAttrs
    isAttrs
    isFunction
    mapAttrs
    ;
in
rec {
  overrideDerivation =
    drv: f:
    let
      changed = derivation (drv.drvAttrs // f drv);
    in
    lib.flip (extendDerivation (builtins.seq drv.drvPath true)) changed (
      {
        meta = drv.meta or { };
        passthru = drv.passthru or { };
      }
      // drv.passthru or { }
      // lib.optionalAttrs (drv ? __spliced) { __spliced = { }; }
    );

  makeOverridable =
    f:
    lib.mirrorFunctionArgs f (
      origArgs:
      let
        result = f origArgs;
        again = changed: makeOverridable f (origArgs // lib.toFunction changed origArgs);
        # What the result is overridden in otherwise stays overridable here too.
        afterwards = g: makeOverridable (lib.mirrorFunctionArgs f (args: g (f args))) origArgs;
      in
      if isAttrs result then
        result
        // {
          override = lib.setFunctionArgs again (lib.functionArgs f);
          overrideDerivation = fdrv: afterwards (x: lib.overrideDerivation x fdrv);
        }
        // lib.optionalAttrs (result ? overrideAttrs) {
          overrideAttrs = fdrv: afterwards (x: x.overrideAttrs fdrv);
        }
      else if isFunction result then
        lib.setFunctionArgs result (lib.functionArgs result) // { override = again; }
      else
        result
    );

  # Fills the arguments of `fn` (a function or its file) from `autoArgs`.
  callPackageWith =
    autoArgs: fn: args:
    let
      f = if lib.isFunction fn then fn else import fn;
      wanted = lib.functionArgs f;
      found = intersectAttrs wanted autoArgs // args;
      missing = filter (n: !wanted.${n} && !found ? ${n}) (attrNames wanted);
      near = n: lib.take 3 (lib.sortOn (lib.strings.levenshtein n) (filter (lib.strings.levenshteinAtMost 2 n) (attrNames autoArgs)));
      hint =
        n:
        let
          names = map (m: ''"${m}"'') (near n);
        in
        lib.optionalString (names != [ ]) ", did you mean ${lib.concatStringsSep " or " names}?";
      from =
        let
          pos = builtins.unsafeGetAttrPos (builtins.head missing) wanted;
        in
        if lib.isFunction fn then lib.optionalString (pos != null) " at ${pos.file}:${toString pos.line}" else " at ${toString fn}";
      first = builtins.head missing;
    in
    if missing == [ ] then
      makeOverridable f found
    else
      abort ''lib.customisation.callPackageWith: Function called without required argument "${first}"${from}${hint first}'';

  callPackagesWith =
    autoArgs: fn: args:
    let
      f = if lib.isFunction fn then fn else import fn;
      found = intersectAttrs (lib.functionArgs f) autoArgs // args;
      all = f found;
      attr = name: _: (makeOverridable (a: (f a).${name}) found);
    in
    if all ? recurseForDerivations || isAttrs all then
      mapAttrs (n: v: if lib.isDerivation v then attr n v else v) all
    else
      throw "callPackagesWith: expected an attribute set";

  extendDerivation =
    condition: passthru: drv:
    let
      outputs = drv.outputs or [ "out" ];
      common = drv // lib.genAttrs outputs output // { all = map output outputs; } // passthru;
      output =
        name:
        common
        // {
          inherit (drv.${name}) type outputName;
          outputSpecified = true;
          drvPath = assert condition; drv.${name}.drvPath;
          outPath = assert condition; drv.${name}.outPath;
        };
    in
    common
    // {
      drvPath = assert condition; drv.drvPath;
      outPath = assert condition; drv.outPath;
    };

  hydraJob = lib.id;

  makeScope =
    newScope: f:
    let
      self = f self // {
        newScope = scope: newScope (self // scope);
        callPackage = self.newScope { };
        overrideScope = g: makeScope newScope (lib.extends g f);
        packages = f;
      };
    in
    self;
}
