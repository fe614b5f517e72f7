# The module system: one file for each step, in the order in which a configuration passes through them.
{ lib }:
let
  load = file: import file { inherit lib; };
in
load ./properties.nix # mkIf, mkMerge, mkForce, mkBefore and what they mean
// load ./collect.nix # modules and their imports to one flat list
// load ./declarations.nix # declarations of one option to one option
// load ./definitions.nix # definitions of one option to its value
// load ./tree.nix # all modules to a tree of options
// load ./eval.nix # evalModules
// load ./renames.nix # modules that keep old option names working
