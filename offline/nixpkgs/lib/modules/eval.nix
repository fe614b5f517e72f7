# evalModules: modules in, { options, config, … } out.
{ lib }:
let
  inherit (builtins)
    attrNames
    filter
    head
    length
    map
    mapAttrs
    removeAttrs
    seq
    ;
  inherit (lib)
    addErrorContext
    isOption
    mkOption
    showOption
    types
    ;

  # What every evaluation declares about itself.
  ownOptions =
    {
      prefix,
      specialArgs,
      extendModules,
      type,
    }:
    {
      _file = "lib/modules.nix";
      key = "lib/modules.nix";
      options._module = {
        args = mkOption {
          # Lazy, so that one argument may be computed from the others.
          type = types.lazyAttrsOf types.raw;
          # A submodule shares its arguments' documentation with the evaluation around it.
          internal = prefix != [ ];
          description = "Additional arguments passed to each module in addition to ones like `lib`, `config`, and `pkgs`.";
        };
        check = mkOption {
          type = types.bool;
          internal = true;
          default = true;
          description = "Whether to check whether all option definitions have matching declarations.";
        };
        freeformType = mkOption {
          type = types.nullOr types.optionType;
          internal = true;
          default = null;
          description = "If set, merge all definitions that don't have an associated option together using this type.";
        };
        specialArgs = mkOption {
          readOnly = true;
          internal = true;
          type = types.unspecified;
          description = "Externally provided module arguments that can't be modified from within a configuration, but can be used in module imports.";
        };
      };
      config._module = {
        args = {
          inherit extendModules;
          moduleType = type;
        };
        inherit specialArgs;
      };
    };

  # Names that the definition could have meant: the nearest ones beside it.
  suggest =
    options: prefix: path:
    let
      parent = lib.attrsets.longestValidPathPrefix path options;
      wrong = head (lib.drop (length parent) path);
      at = lib.attrByPath parent { } options;
      siblings = filter (n: n != "_module") (
        if isOption at then attrNames (at.type.getSubOptions parent) else attrNames at
      );
      distance = lib.strings.levenshtein wrong;
      near = lib.take 3 (lib.sortOn distance (filter (n: lib.strings.levenshteinAtMost 4 wrong n) siblings));
      quoted = map (n: "`${showOption (prefix ++ parent ++ [ n ])}'") near;
    in
    if near == [ ] then
      ""
    else if length near == 1 then
      "\n\nDid you mean ${head quoted}?"
    else
      "\n\nDid you mean ${lib.concatStringsSep ", " (lib.init quoted)} or ${lib.last quoted}?";

  doesNotExist =
    { options, prefix }: def:
    let
      defText =
        builtins.addErrorContext
          "while evaluating the error message for definitions for `${showOption (prefix ++ def.prefix)}', which is an option that does not exist"
          (addErrorContext "while evaluating a definition from `${def.file}'" (lib.showDefs [ def ]));
      base = "The option `${showOption (prefix ++ def.prefix)}' does not exist. Definition values:${defText}${suggest options prefix def.prefix}";
    in
    if attrNames options != [ "_module" ] then
      throw base
    else if prefix == [ ] then
      throw "${base}\n\nIt seems as if you're trying to declare an option by placing it into `config' rather than `options'!\n"
    else
      throw "${base}\n\nHowever there are no options defined in `${showOption prefix}'. Are you sure you've\ndeclared your options properly? This can happen if you e.g. declared your options in `types.submodule'\nunder `config' rather than `options'.\n";

  values = mapAttrs (_: v: if isOption v then v.value else values v);
in
rec {
  evalModules =
    evalArgs@{
      modules,
      prefix ? [ ],
      # Arguments known before any module is looked at, so that `imports` may use them.
      specialArgs ? { },
      class ? null,
      modulesLocation ? null,
      # Both predate `_module.args` and `_module.check`.
      args ? { },
      check ? true,
    }:
    let
      legacy =
        lib.optional (evalArgs ? args) {
          config = lib.warn "The args argument to evalModules is deprecated. Please set config._module.args instead." {
            _module.args = args;
          };
        }
        ++ lib.optional (evalArgs ? check) {
          config = lib.warn "The check argument to evalModules is deprecated. Please set config._module.check instead." {
            _module.check = lib.mkDefault check;
          };
        };
      regular = modules ++ legacy;

      own = ownOptions {
        inherit
          prefix
          specialArgs
          extendModules
          type
          ;
      };

      flat = lib.collectModules class (specialArgs.modulesPath or "") (regular ++ [ own ]) (
        {
          inherit lib options specialArgs;
          _class = class;
          _prefix = prefix;
          config = addErrorContext "if you get an infinite recursion here, you probably reference `config` in `imports`. If you are trying to achieve a conditional import behavior dependent on `config`, consider importing unconditionally, and using `mkEnableOption` and `mkIf` to control its effect." config;
        }
        // specialArgs
      );
      # Definitions count from the last import to the first.
      merged = lib.mergeModules prefix (lib.reverseList flat);

      options = merged.matchedOptions;
      declared = values options;
      freeformType = declared._module.freeformType;
      freeform = lib.mergeDefinitions prefix freeformType (
        map (d: {
          inherit (d) file;
          value = lib.setAttrByPath d.prefix d.value;
        }) merged.unmatchedDefns
      );
      config =
        if freeformType == null || merged.unmatchedDefns == [ ] then
          declared
        else
          lib.recursiveUpdate freeform.mergedValue declared;

      checkUnmatched =
        if declared._module.check && freeformType == null && merged.unmatchedDefns != [ ] then
          doesNotExist { inherit options prefix; } (head merged.unmatchedDefns)
        else
          null;
      checked = seq checkUnmatched;

      extendModules =
        extension@{
          modules ? [ ],
          specialArgs ? { },
          prefix ? [ ],
        }:
        evalModules (
          removeAttrs evalArgs [
            "args"
            "check"
          ]
          // {
            inherit class;
            modules = regular ++ modules;
            specialArgs = evalArgs.specialArgs or { } // specialArgs;
            prefix = extension.prefix or evalArgs.prefix or [ ];
          }
        );

      type = types.submoduleWith {
        inherit modules specialArgs class;
      };
    in
    {
      _type = "configuration";
      options = checked options;
      config = checked (removeAttrs config [ "_module" ]);
      _module = checked config._module;
      inherit extendModules type class;
    };
}
