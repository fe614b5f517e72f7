# system.stateVersion and the names by which the system calls itself.
{ config, options, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system;
in
{
  options.system = {
    stateVersion = mkOption {
      type = types.str;
      default = cfg.nixos.release;
      description = "Release whose defaults for stateful data this host keeps.";
    };
    name = mkOption {
      type = types.str;
      default = if config.networking.hostName == "" then "unnamed" else config.networking.hostName;
      description = "Name of the system in the name of its derivation.";
    };
    nixos = {
      release = mkOption {
        type = types.str;
        readOnly = true;
        default = lib.trivial.release;
        description = "The release.";
      };
      version = mkOption {
        type = types.str;
        internal = true;
        default = "${cfg.nixos.release}.offline";
        description = "The release with what tells this tree apart.";
      };
      label = mkOption {
        type = types.strMatching "[a-zA-Z0-9:_.-]*";
        default = cfg.nixos.version;
        description = "Label of the generation in the boot menu.";
      };
    };
  };

  config = {
    environment.etc."os-release".text = ''
      ID=nixos
      NAME=NixOS
      PRETTY_NAME="NixOS ${cfg.nixos.release}"
      VERSION_ID="${cfg.nixos.release}"
      BUILD_ID="${cfg.nixos.version}"
    '';
    warnings = lib.optional (options.system.stateVersion.highestPrio == (lib.mkOptionDefault null).priority)
      "system.stateVersion is not set, defaulting to ${cfg.stateVersion}.";
  };
}
