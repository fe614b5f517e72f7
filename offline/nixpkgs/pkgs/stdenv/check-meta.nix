# Whether a package may be used here: its platforms and its license, as `meta` states them.
# Gives null, or the message with which forcing the package's paths fails.
{ lib, config, hostPlatform }:
let
  allowUnfree = config.allowUnfree or false;
  allowed = config.allowUnfreePredicate or (_: false);
in
name: meta:
let
  licenses = lib.toList (meta.license or [ ]);
  unfree = lib.any (license: !(license.free or true)) licenses;
  platforms = meta.platforms or null;
in
if unfree && !allowUnfree && !(allowed { inherit name meta; pname = lib.getName name; }) then
  "Package ‘${name}’ has an unfree license (${
    lib.concatMapStringsSep ", " (license: "‘${license.shortName or "unfree"}’") licenses
  }), refusing to evaluate."
else if platforms != null && !(lib.elem hostPlatform.system platforms) then
  "Package ‘${name}’ is not available on the requested hostPlatform: ${hostPlatform.system} is none of ${lib.concatStringsSep ", " platforms}."
else
  null
