# Where modules state what must hold (assertions) and what deserves a word (warnings).
# The toplevel of each platform reads them.
{ lib, ... }:
{
  options = {
    assertions = lib.mkOption {
      type = lib.types.listOf lib.types.unspecified;
      default = [ ];
      internal = true;
      description = "Conditions that must hold, each with the message for when it does not.";
    };
    warnings = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      internal = true;
      description = "Messages to show whenever the configuration is evaluated.";
    };
  };
}
