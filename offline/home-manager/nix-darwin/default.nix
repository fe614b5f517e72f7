# Homes inside nix-darwin: the switch itself activates them.
{ config, lib, ... }:
let
  cfg = config.home-manager;
in
{
  imports = [ ../nixos/common.nix ];
  config.system.activationScripts.postActivation.text = lib.concatStrings (
    lib.mapAttrsToList (name: user: ''
      echo "Activating home-manager configuration for ${name}" >&2
      sudo --user=${lib.escapeShellArg user.home.username} --set-home env ${
        lib.optionalString (cfg.backupFileExtension != null) "HOME_MANAGER_BACKUP_EXT=${lib.escapeShellArg cfg.backupFileExtension}"
      } ${lib.optionalString cfg.verbose "VERBOSE=1"} ${user.home.activationPackage}/activate
    '') cfg.users
  );
}
