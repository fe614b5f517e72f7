# system.stateVersion, a number on macOS, and the label of the system.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.system = {
    stateVersion = mkOption {
      type = types.ints.between 1 config.system.maxStateVersion;
      description = "Version of the defaults for stateful data that this Mac keeps.";
    };
    maxStateVersion = mkOption {
      type = types.int;
      default = 6;
      internal = true;
      description = "The newest such version.";
    };
    darwinLabel = mkOption {
      type = types.str;
      default = "${lib.trivial.release}.offline+${toString config.system.stateVersion}";
      description = "Label of the generation.";
    };
    configurationRevision = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Revision of the configuration that the system was made from.";
    };
  };
  config.environment.etc."nix-darwin/revision" = lib.mkIf (config.system.configurationRevision != null) {
    text = config.system.configurationRevision;
  };
}
