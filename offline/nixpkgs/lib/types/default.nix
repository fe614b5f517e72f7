# Types of options. Each is { name; description; check; merge; … } made by `mkOptionType`.
{ lib }:
let
  load = file: import file { inherit lib; };
in
load ./base.nix # what a type is, and how two declarations' types become one
// load ./simple.nix # booleans, numbers, paths, packages, and the types that take anything
// load ./strings.nix
// load ./containers.nix # lists, sets, functions of values of another type
// load ./choices.nix # null or, either, one of, coerced
// load ./modules.nix # submodules, deferred modules, tagged options
// {
  # `with lib.types; types.str` is written often enough.
  inherit (lib) types;
}
