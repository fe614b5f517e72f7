# What must hold, what deserves a word, and whether the home is part of a system.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  flag = description: mkOption { type = types.bool; default = false; internal = true; inherit description; };
in
{
  options = {
    assertions = mkOption { type = types.listOf types.unspecified; default = [ ]; internal = true; description = "Conditions, each with its message."; };
    warnings = mkOption { type = types.listOf types.str; default = [ ]; internal = true; description = "Messages to show."; };
    submoduleSupport = {
      enable = flag "Whether the home is part of a system.";
      externalPackageInstall = flag "Whether that system installs its packages.";
    };
  };
}
