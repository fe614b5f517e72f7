# Declaring options, merging their definitions in the simple ways, and showing them to people.
{ lib }:
let
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    foldl'
    head
    isAttrs
    isBool
    isFunction
    isList
    isString
    length
    map
    mapAttrs
    tail
    ;
  hint = "Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";
in
rec {
  isOption = lib.isType "option";

  mkOption =
    {
      default ? null,
      defaultText ? null,
      example ? null,
      description ? null,
      relatedPackages ? null,
      type ? null,
      apply ? null,
      internal ? null,
      visible ? null,
      readOnly ? null,
    }@attrs:
    attrs // { _type = "option"; };

  mkEnableOption =
    name:
    mkOption {
      default = false;
      example = true;
      description = "Whether to enable ${name}.";
      type = lib.types.bool;
    };

  mkPackageOption =
    pkgs: name:
    {
      nullable ? false,
      default ? name,
      example ? null,
      extraDescription ? "",
      pkgsText ? "pkgs",
    }:
    let
      names = lib.toList name;
      path = lib.toList default;
      dotted = lib.concatMapStringsSep "." lib.strings.escapeNixIdentifier;
      text = p: "${pkgsText}.${dotted p}";
      found = lib.attrByPath path (throw "${dotted path} cannot be found in ${pkgsText}") pkgs;
    in
    mkOption (
      {
        description = "The ${lib.last names} package to use.${lib.optionalString (extraDescription != "") " ${extraDescription}"}";
        type = (if nullable then lib.types.nullOr else lib.id) lib.types.package;
      }
      // lib.optionalAttrs (default != null) {
        default = found;
        defaultText = literalExpression (text path);
      }
      // lib.optionalAttrs (default == null && nullable) { default = null; }
      // lib.optionalAttrs (example != null) {
        example = literalExpression (if isList example then text example else example);
      }
    );

  # Swallows definitions of options that are not declared.
  mkSinkUndeclaredOptions =
    attrs:
    mkOption (
      {
        internal = true;
        visible = false;
        default = false;
        description = "Sink for option definitions.";
        type = lib.mkOptionType {
          name = "sink";
          check = _: true;
          merge = _: _: false;
        };
        apply = _: throw "Option value is not readable because the option is not declared.";
      }
      // attrs
    );

  getValues = map (d: d.value);
  getFiles = map (d: d.file);
  unknownModule = "<unknown-file>";

  # Merging of an option whose type says nothing about it: by the kind of value.
  mergeDefaultOption =
    loc: defs:
    let
      values = getValues defs;
    in
    if length values == 1 then
      head values
    else if all isFunction values then
      x: mergeDefaultOption loc (map (d: d // { value = d.value x; }) defs)
    else if all isList values then
      concatLists values
    else if all isAttrs values then
      foldl' lib.mergeAttrs { } values
    else if all isBool values then
      any lib.id values
    else if all isString values then
      lib.concatStrings values
    else
      throw "Cannot merge definitions of `${showOption loc}'. Definition values:${showDefs defs}";

  mergeOneOption = mergeUniqueOption { message = ""; };

  mergeUniqueOption =
    {
      message,
      merge ? null,
    }:
    let
      single = if merge == null then (_: defs: (head defs).value) else merge;
    in
    loc: defs:
    if length defs == 1 then
      single loc defs
    else
      assert length defs > 1;
      throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.\n${message}\nDefinition values:${showDefs defs}\n${hint}";

  mergeEqualOption =
    loc: defs:
    if defs == [ ] then
      abort "This case should never happen."
    else if length defs == 1 then
      (head defs).value
    else
      (foldl' (
        first: def:
        if def.value != first.value then
          throw "The option `${showOption loc}' has conflicting definition values:${
            showDefs [
              first
              def
            ]
          }\n${hint}"
        else
          first
      ) (head defs) (tail defs)).value;

  # Text for documentation that stands in place of a value.
  literalExpression =
    text:
    if !isString text then
      throw "literalExpression expects a string."
    else
      {
        _type = "literalExpression";
        inherit text;
      };
  literalMD =
    text:
    if !isString text then
      throw "literalMD expects a string."
    else
      {
        _type = "literalMD";
        inherit text;
      };
  literalCode =
    languageTag: text: literalMD "```${languageTag}\n${text}\n```";

  # Path of an option as one would write it; what stands for any name (`<name>`, `*`) is not quoted.
  showOption =
    loc:
    let
      part =
        s: if builtins.match "<.*>|‹.*|\\*" s != null then s else lib.strings.escapeNixIdentifier s;
    in
    lib.concatMapStringsSep "." part loc;

  showFiles = files: lib.concatMapStringsSep " and " (f: "`${f}'") files;

  showDefs =
    defs:
    lib.concatMapStrings (
      def:
      let
        # The value is part of a message about something that went wrong: it must not go wrong itself.
        shown = builtins.tryEval (
          lib.generators.toPretty { } (
            lib.generators.withRecursion {
              depthLimit = 10;
              throwOnDepthLimit = false;
            } def.value
          )
        );
        lines = lib.splitString "\n" shown.value;
        kept = lib.take 5 lines ++ lib.optional (length lines > 5) "...";
        # A value of several lines starts on a line of its own.
        text = lib.concatStringsSep "\n    " ((lib.optional (length lines > 1) "") ++ kept);
        value = if shown.success then ":${lib.optionalString (length lines == 1) " "}${text}" else "";
      in
      "\n- In `${def.file}'${value}"
    ) defs;

  showOptionWithDefLocs =
    opt: "${showOption opt.loc}, with values defined in:\n${lib.concatMapStrings (f: "  - ${f}\n") opt.files}";

  # A flat list of what documentation needs to know of each option.
  optionAttrSetToDocList = optionAttrSetToDocList' [ ];
  optionAttrSetToDocList' =
    _: options:
    concatMap (
      opt:
      let
        visible = opt.visible or true;
        doc = {
          inherit (opt) loc;
          name = showOption opt.loc;
          description = opt.description or null;
          declarations = builtins.filter (f: f != unknownModule) opt.declarations;
          internal = opt.internal or false;
          visible = if isBool visible then visible else visible == "shallow";
          readOnly = opt.readOnly or false;
          type = opt.type.description or "unspecified";
        }
        // lib.optionalAttrs (opt ? example) { example = renderOptionValue opt.example; }
        // lib.optionalAttrs (opt ? defaultText || opt ? default) {
          default = renderOptionValue (opt.defaultText or opt.default);
        };
        below = opt.type.getSubOptions opt.loc;
      in
      [ doc ] ++ lib.optionals (visible == true && below != { }) (optionAttrSetToDocList' opt.loc below)
    ) (lib.collect isOption options);

  renderOptionValue =
    v:
    if v ? _type && v ? text then
      v
    else
      literalExpression (lib.generators.toPretty { allowPrettyValues = true; } v);
  scrubOptionValue =
    x:
    if lib.isDerivation x then
      {
        type = "derivation";
        drvPath = x.name;
        outPath = x.name;
        inherit (x) name;
      }
    else if isList x then
      map scrubOptionValue x
    else if isAttrs x then
      mapAttrs (_: scrubOptionValue) (removeAttrs x [ "_args" ])
    else
      x;
}
