# system.primaryUser: whose settings the options without an account of their own belong to.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system;
in
{
  options.system = {
    primaryUser = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "The account that user defaults, Homebrew and user agents belong to.";
    };
    requiresPrimaryUser = mkOption {
      type = types.listOf types.str;
      default = [ ];
      internal = true;
      description = "Options in use that need it.";
    };
  };
  config.assertions = [
    {
      assertion = cfg.primaryUser != null || cfg.requiresPrimaryUser == [ ];
      message = "system.primaryUser must name the account that these options apply to: ${lib.concatStringsSep ", " (lib.sort lib.lessThan cfg.requiresPrimaryUser)}.";
    }
  ];
}
