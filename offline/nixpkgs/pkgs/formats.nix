# pkgs.formats: for each file format a type for its settings and a function that writes them.
{ lib, pkgs }:
let
  inherit (lib) types;

  scalar = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path ]);
  tree = description:
    let
      self = types.nullOr (types.oneOf [
        types.bool
        types.int
        types.float
        types.str
        types.path
        (types.attrsOf self)
        (types.listOf self)
      ]) // { inherit description; };
    in
    self;

  toTOML = import ./toml.nix { inherit lib; };
in
{
  json = { }: {
    type = tree "JSON value";
    generate = name: value: pkgs.writeText name (builtins.toJSON value);
  };
  # JSON is YAML, so nothing else is needed to write it.
  yaml = { }: {
    type = tree "YAML value";
    generate = name: value: pkgs.writeText name (builtins.toJSON value);
  };
  toml = { }: {
    type = tree "TOML value";
    generate = name: value: pkgs.writeText name (toTOML value);
  };
  ini =
    {
      listsAsDuplicateKeys ? false,
      ...
    }@args:
    {
      type = types.attrsOf (
        types.attrsOf (if listsAsDuplicateKeys then types.either scalar (types.listOf scalar) else scalar)
      );
      lib.types.atom = scalar;
      generate = name: value: pkgs.writeText name (lib.generators.toINI args value);
    };
  keyValue =
    {
      listsAsDuplicateKeys ? false,
      ...
    }@args:
    {
      type = types.attrsOf (if listsAsDuplicateKeys then types.either scalar (types.listOf scalar) else scalar);
      lib.types.atom = scalar;
      generate = name: value: pkgs.writeText name (lib.generators.toKeyValue args value);
    };
}
