# Properties: marks around a value that say whether, how strongly and where in the order it counts.
# They stay marks until the option they arrive at is evaluated, which is what keeps a configuration lazy.
{ lib }:
let
  inherit (builtins)
    concatMap
    foldl'
    isBool
    map
    mapAttrs
    ;
in
rec {
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkAssert =
    assertion: message: mkIf (if assertion then true else throw "\nFailed assertion: ${message}");
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };

  # A smaller number is stronger.
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  defaultOverridePriority = 100;
  mkImageMediaOverride = mkOverride 60;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;

  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
  mkBefore = mkOrder 500;
  defaultOrderPriority = 1000;
  mkAfter = mkOrder 1500;

  # A definition that brings its own location.
  mkDefinition =
    {
      file,
      value,
      ...
    }@def:
    def // { _type = "definition"; };

  # Old spelling of "evaluate this fully"; it has had no effect for a long time.
  mkFixStrictness = lib.id;

  # From the outside of a set of options to each of its options, so that a condition does not have to be decided
  # before the names below it are known.
  pushDownProperties =
    cfg:
    let
      kind = cfg._type or "";
    in
    if kind == "merge" then
      concatMap pushDownProperties cfg.contents
    else if kind == "if" then
      map (mapAttrs (_: mkIf cfg.condition)) (pushDownProperties cfg.content)
    else if kind == "override" then
      map (mapAttrs (_: mkOverride cfg.priority)) (pushDownProperties cfg.content)
    else
      [ cfg ];

  # The values that are left once conditions are decided and merges are opened.
  dischargeProperties =
    def:
    let
      kind = def._type or "";
    in
    if kind == "merge" then
      concatMap dischargeProperties def.contents
    else if kind == "if" then
      if !isBool def.condition then
        throw "‘mkIf’ called with a non-Boolean condition"
      else if def.condition then
        dischargeProperties def.content
      else
        [ ]
    else
      [ def ];

  # Only the strongest priority that occurs survives.
  filterOverrides = defs: (filterOverrides' defs).values;
  filterOverrides' =
    defs:
    let
      isOverride = def: def.value._type or "" == "override";
      prio = def: if isOverride def then def.value.priority else defaultOverridePriority;
      highestPrio = foldl' (p: def: lib.min (prio def) p) 9999 defs;
      strip = def: if isOverride def then def // { value = def.value.content; } else def;
    in
    {
      values = concatMap (def: if prio def == highestPrio then [ (strip def) ] else [ ]) defs;
      inherit highestPrio;
    };

  sortProperties =
    defs:
    let
      strip =
        def:
        if def.value._type or "" == "order" then
          def
          // {
            value = def.value.content;
            inherit (def.value) priority;
          }
        else
          def;
      prio = def: def.priority or defaultOrderPriority;
    in
    builtins.sort (a: b: prio a < prio b) (map strip defs);

  # The function under the marks: `mkForce x` becomes `mkForce (f x)`.
  mapDefinitionValue =
    f: def:
    def
    // {
      value =
        let
          go =
            v:
            let
              kind = v._type or "";
            in
            if kind == "merge" then
              v // { contents = map go v.contents; }
            else if kind == "if" || kind == "override" || kind == "order" then
              v // { content = go v.content; }
            else
              f v;
        in
        go def.value;
    };

  # The definitions of one option as definitions of another one, keeping their strength.
  mkAliasDefinitions = mkAliasAndWrapDefinitions lib.id;
  mkAliasAndWrapDefinitions =
    wrap: option: mkIf (option.isDefined or false) (wrap (mkMerge option.definitions));
  mkAliasAndWrapDefsWithPriority =
    wrap: option:
    mkIf (option.isDefined or false) (
      wrap (mkMerge (map (mkOverride (option.highestPrio or defaultOverridePriority)) option.definitions))
    );
  mkAliasIfDef =
    option: lib.warn "Usage of 'mkAliasIfDef' has been deprecated. Use 'mkIf option.isDefined' instead." (mkIf option.isDefined);
  mkDerivedConfig =
    opt: f: mkOverride (opt.highestPrio or defaultOverridePriority) (f opt.value);
  # Like `definitions` of an `attrsOf` option, but with the strength each name was given.
  mergeAttrDefinitionsWithPrio =
    opt:
    let
      strengths =
        lib.concatMap (
          def: lib.mapAttrsToList (name: value: { inherit name value; }) def
        ) opt.definitions;
      byName = builtins.groupBy (d: d.name) strengths;
    in
    mapAttrs (
      _: ds:
      let
        best = filterOverrides' ds;
      in
      {
        inherit (best) highestPrio;
        value = (lib.last best.values).value;
      }
    ) byName;
}
