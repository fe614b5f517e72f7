# Writes an attribute set as TOML: plain keys first, then one table per nested set.
{ lib }:
let
  key = name: if builtins.match "[A-Za-z0-9_-]+" name != null then name else builtins.toJSON name;

  value =
    v:
    if lib.isList v then
      "[${lib.concatMapStringsSep ", " value v}]"
    else if lib.isAttrs v && !lib.isDerivation v then
      "{ ${lib.concatStringsSep ", " (lib.mapAttrsToList (n: x: "${key n} = ${value x}") v)} }"
    else if builtins.isPath v || lib.isDerivation v then
      builtins.toJSON "${v}"
    else
      builtins.toJSON v;

  isTable = v: lib.isAttrs v && !lib.isDerivation v;

  table =
    path: attrs:
    let
      present = lib.filterAttrs (_: v: v != null) attrs;
      plain = lib.filterAttrs (_: v: !isTable v) present;
      nested = lib.filterAttrs (_: isTable) present;
      header = lib.optionalString (path != [ ] && (plain != { } || nested == { })) "[${lib.concatStringsSep "." path}]\n";
    in
    header
    + lib.concatStrings (lib.mapAttrsToList (n: v: "${key n} = ${value v}\n") plain)
    + lib.concatStrings (lib.mapAttrsToList (n: v: "\n${table (path ++ [ (key n) ]) v}") nested);
in
table [ ]
