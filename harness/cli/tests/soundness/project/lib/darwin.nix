{ config, name, ... }:
{
  nixpkgs.hostPlatform = "aarch64-darwin";
  networking.hostName = name;
  system.stateVersion = 6;
  environment.etc.probe.text = builtins.toJSON config.probe;
}
