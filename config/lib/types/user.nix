# The person whose machines these are.
{ lib }:
let
  inherit (lib) mkOption types;
in
types.submodule {
  options = {
    name = mkOption {
      type = types.strMatching "[a-z_][a-z0-9_-]*";
      description = "Name of the account on every machine.";
    };
    fullName = mkOption {
      type = types.nonEmptyStr;
      description = "Name that people and commits see.";
    };
    email = mkOption {
      type = types.strMatching "[^@ ]+@[^@ ]+";
      description = "Address in commits.";
    };
  };
}
