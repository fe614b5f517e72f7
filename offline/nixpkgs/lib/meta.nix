# What packages say about themselves.
{ lib }:
let
  inherit (builtins) any elem isString;
in
rec {
  # Stand-ins for a hash that is not known yet; a build with one fails and says the right one.
  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  fakeSha256 = lib.strings.replicate 64 "0";
  fakeSha512 = lib.strings.replicate 128 "0";

  addMetaAttrs =
    new: drv:
    (if drv ? overrideAttrs then drv.overrideAttrs (old: { meta = old.meta or { } // new; }) else drv)
    // {
      meta = drv.meta or { } // new;
    };
  dontDistribute = addMetaAttrs { hydraPlatforms = [ ]; };
  setName = name: drv: drv // { inherit name; };
  updateName = f: drv: drv // { name = f drv.name; };
  appendToName =
    suffix: updateName (
      name:
      let
        parsed = builtins.parseDrvName name;
      in
      "${parsed.name}-${suffix}${lib.optionalString (parsed.version != "") "-${parsed.version}"}"
    );
  setPrio = priority: addMetaAttrs { inherit priority; };
  lowPrio = setPrio 10;
  lowPrioSet = lib.mapAttrs (_: v: if lib.isDerivation v then lowPrio v else v);
  hiPrio = setPrio (-10);
  hiPrioSet = lib.mapAttrs (_: v: if lib.isDerivation v then hiPrio v else v);

  platformMatch =
    platform: elem':
    if isString elem' then
      platform.system == elem'
    else
      lib.matchAttrs (if elem' ? parsed then elem' else { parsed = elem'; }) platform;
  availableOn =
    platform: pkg:
    (!pkg ? meta.platforms || any (platformMatch platform) pkg.meta.platforms)
    && !any (platformMatch platform) pkg.meta.badPlatforms or [ ];

  getLicenseFromSpdxId = id: getLicenseFromSpdxIdOr id { shortName = id; };
  getLicenseFromSpdxIdOr =
    id: fallback:
    lib.findFirst (l: lib.toLower l.spdxId or "" == lib.toLower id) fallback (builtins.attrValues lib.licenses);

  # The path of a package's main program.
  getExe =
    pkg:
    getExe' pkg (
      pkg.meta.mainProgram or (
        # Guessing is right often enough to be relied on and wrong often enough to be warned about.
        lib.warn
          "getExe: Package ${
            lib.strings.escapeNixIdentifier pkg.meta.name or pkg.pname or pkg.name
          } does not have the meta.mainProgram attribute. We'll assume that the main program has the same name for now, but this behavior is deprecated, because it leads to surprising errors when the assumption does not hold. If the package has a main program, please set `meta.mainProgram` in its definition to make this warning go away. Otherwise, if the package does not have a main program, or if you don't control its definition, use getExe' to specify the name to the program, such as lib.getExe' foo \"bar\"."
          lib.getName
          pkg
      )
    );
  getExe' =
    pkg: name:
    assert lib.assertMsg (lib.isDerivation pkg)
      "lib.meta.getExe': The first argument is of type ${builtins.typeOf pkg}, but it should be a derivation instead.";
    assert lib.assertMsg (isString name)
      "lib.meta.getExe': The second argument is of type ${builtins.typeOf name}, but it should be a string instead.";
    assert lib.assertMsg (!elem "/" (lib.stringToCharacters name))
      "lib.meta.getExe': The second argument \"${name}\" is a nested path with a \"/\" character, but it should just be the name of the executable instead.";
    "${lib.getBin pkg}/bin/${name}";
}
