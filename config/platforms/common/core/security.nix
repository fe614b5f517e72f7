# Signatures and isolation of builds, and what sudo asks.
{ local, platform, ... }:
{
  nix.settings = {
    require-sigs = true;
    sandbox = (local.platform.defaults platform).sandbox;
    allowed-users = [ "*" ];
  };
  security.sudo.extraConfig = ''
    Defaults timestamp_timeout=5
    Defaults passwd_tries=3
  '';
}
