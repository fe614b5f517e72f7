# programs.ssh.knownHosts: keys of hosts that nobody needs to be asked about. Both platforms use this file.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.programs.ssh.knownHosts = mkOption {
    default = { };
    description = "Hosts and their keys.";
    type = types.attrsOf (
      types.submodule (
        { name, ... }:
        {
          options = {
            hostNames = mkOption { type = types.listOf types.str; default = [ name ]; description = "Names of the host."; };
            publicKey = mkOption { type = types.nullOr types.str; default = null; description = "Its key."; };
          };
        }
      )
    );
  };
  config.environment.etc."ssh/ssh_known_hosts".text = lib.concatStrings (
    lib.mapAttrsToList (
      _: host: lib.optionalString (host.publicKey != null) "${lib.concatStringsSep "," host.hostNames} ${host.publicKey}\n"
    ) config.programs.ssh.knownHosts
  );
}
