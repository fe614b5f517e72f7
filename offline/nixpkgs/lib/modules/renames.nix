# Modules that keep old option names working, or say what became of them.
{ lib }:
let
  inherit (builtins) filter map;
  inherit (lib)
    attrByPath
    getAttrFromPath
    mkIf
    mkMerge
    mkOption
    optionalAttrs
    setAttrByPath
    showFiles
    showOption
    ;
in
rec {
  doRename =
    {
      from,
      to,
      visible,
      warn,
      use,
      withPriority ? true,
      condition ? true,
    }:
    { config, options, ... }:
    let
      old = getAttrFromPath from options;
      noTarget = abort "Renaming error: option `${showOption to}' does not exist.";
      newValue = attrByPath to noTarget;
      newType = (attrByPath to { } options).type or (lib.types.submodule { });
    in
    {
      options = setAttrByPath from (
        mkOption {
          inherit visible;
          description = "Alias of {option}`${showOption to}`.";
          apply = x: use (newValue config);
        }
        // { type = newType; }
      );
      config = mkIf condition (mkMerge [
        (optionalAttrs (options ? warnings) {
          warnings =
            lib.optional (warn && old.isDefined)
              "The option `${showOption from}' defined in ${showFiles old.files} has been renamed to `${showOption to}'.";
        })
        (
          if withPriority then
            lib.mkAliasAndWrapDefsWithPriority (setAttrByPath to) old
          else
            lib.mkAliasAndWrapDefinitions (setAttrByPath to) old
        )
      ]);
    };

  mkAliasOptionModule =
    from: to:
    doRename {
      inherit from to;
      visible = true;
      warn = false;
      use = lib.id;
    };
  mkAliasOptionModuleMD = mkAliasOptionModule;

  mkRenamedOptionModule =
    from: to:
    doRename {
      inherit from to;
      visible = false;
      warn = true;
      use = builtins.trace "Obsolete option `${showOption from}' is used. It was renamed to `${showOption to}'.";
    };
  # Silent until nothing older than the release of the renaming is supported any more.
  mkRenamedOptionModuleWith =
    {
      from,
      to,
      sinceRelease,
    }:
    doRename {
      inherit from to;
      visible = false;
      warn = lib.oldestSupportedReleaseIsAtLeast sinceRelease;
      use = lib.warnIf (lib.oldestSupportedReleaseIsAtLeast sinceRelease) "Obsolete option `${showOption from}' is used. It was renamed to `${showOption to}'.";
    };

  mkRemovedOptionModule =
    path: instructions:
    { options, ... }:
    {
      options = setAttrByPath path (mkOption {
        visible = false;
        apply = _: throw "The option `${showOption path}' can no longer be used since it's been removed. ${instructions}";
      });
      config.assertions =
        let
          opt = getAttrFromPath path options;
        in
        [
          {
            assertion = !opt.isDefined;
            message = "The option definition `${showOption path}' in ${showFiles opt.files} no longer has any effect; please remove it.\n${instructions}\n";
          }
        ];
    };

  # Several old options into one new one.
  mkMergedOptionModule =
    from: to: mergeFn:
    { config, options, ... }:
    let
      # Used while its old names are read: a value that nobody set must be told from one that is null.
      unset = "_mkMergedOptionModule";
      valueOf = path: attrByPath path unset config;
      isSet = path: valueOf path != unset;
    in
    {
      options = lib.foldl' lib.recursiveUpdate { } (
        map (path: setAttrByPath path (mkOption { visible = false; default = unset; })) from
      );
      config = {
        warnings = map (
          path:
          let
            opt = getAttrFromPath path options;
          in
          "The option `${showOption path}' defined in ${showFiles opt.files} has been changed to `${showOption to}' that has a different type. Please read `${showOption to}' documentation and update your configuration accordingly."
        ) (filter isSet from);
      }
      // setAttrByPath to (mkMerge (lib.optional (lib.any isSet from) (mergeFn config)));
    };
  mkChangedOptionModule = from: to: changeFn: mkMergedOptionModule [ from ] to changeFn;
}
