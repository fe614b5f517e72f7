# The definitions of one option, merged into its value.
{ lib }:
let
  inherit (builtins)
    all
    any
    concatMap
    filter
    head
    length
    map
    ;
  inherit (lib)
    addErrorContext
    dischargeProperties
    showDefs
    showFiles
    showOption
    ;
in
rec {
  evalOptionValue =
    loc: opt: defs:
    let
      default = {
        file = head opt.declarations;
        value = lib.mkOptionDefault opt.default;
      };
      all' = if opt ? default then [ default ] ++ defs else defs;

      merged =
        if opt.readOnly or false && length all' > 1 then
          let
            alone = map (d: d // { value = (mergeDefinitions loc opt.type [ d ]).mergedValue; }) all';
          in
          throw "The option `${showOption loc}' is read-only, but it's set multiple times. Definition values:${showDefs alone}"
        else
          mergeDefinitions loc opt.type all';

      plain = if opt ? apply then opt.apply merged.mergedValue else merged.mergedValue;
      deprecation = opt.type.deprecationMessage or null;
      value =
        lib.warnIf (deprecation != null)
          "The type `types.${opt.type.name}' of option `${showOption loc}' defined in ${showFiles opt.declarations} is deprecated. ${toString deprecation}"
          plain;
    in
    opt
    // {
      value = addErrorContext "while evaluating the option `${showOption loc}':" value;
      inherit (merged.defsFinal') highestPrio;
      definitions = map (d: d.value) merged.defsFinal;
      definitionsWithLocations = merged.defsFinal;
      files = map (d: d.file) merged.defsFinal;
      inherit (merged) isDefined valueMeta;
      __toString = _: showOption loc;
    };

  # defs: [ { file; value; } ], values still with their properties.
  mergeDefinitions =
    loc: type: defs:
    let
      discharged = concatMap (
        def:
        map (
          value:
          if value._type or "" == "definition" then
            value
          else
            {
              inherit (def) file;
              inherit value;
            }
        ) (addErrorContext "while evaluating definitions from `${def.file}':" (dischargeProperties def.value))
      ) defs;
      strongest = lib.filterOverrides' discharged;
      ordered =
        if any (d: d.value._type or "" == "order") strongest.values then
          lib.sortProperties strongest.values
        else
          strongest.values;

      checked =
        value:
        if all (d: type.check d.value) ordered then
          value
        else
          throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values:${
            showDefs (filter (d: !type.check d.value) ordered)
          }";

      # Types that say more of a value than the value: what it is made of.
      inOneGo =
        let
          result = type.merge.v2 {
            inherit loc;
            defs = ordered;
          };
        in
        {
          inherit (result) valueMeta;
          value =
            if result.headError != null then
              throw "A definition for option `${showOption loc}' is not of type `${type.description}'. TypeError: ${result.headError.message}"
            else
              checked result.value;
        };
      result =
        if type.merge ? v2 then
          inOneGo
        else
          {
            value = checked (type.merge loc ordered);
            valueMeta = { };
          };
    in
    rec {
      defsFinal' = {
        values = ordered;
        inherit (strongest) highestPrio;
      };
      defsFinal = ordered;
      isDefined = ordered != [ ];
      # Newer nixpkgs hands out the type's empty value here; a configuration that does without works in both.
      mergedValue =
        if isDefined then
          result.value
        else
          throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option.";
      valueMeta = if isDefined then result.valueMeta else { };
      optionalValue = if isDefined then { value = mergedValue; } else { };
      checkedAndMerged = {
        headError = null;
        value = mergedValue;
        inherit valueMeta;
      };
    };
}
