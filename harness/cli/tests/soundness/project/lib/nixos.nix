{ config, name, ... }:
{
  nixpkgs.hostPlatform = "x86_64-linux";
  networking.hostName = name;
  system.stateVersion = "25.05";
  boot.loader.grub.enable = false;
  fileSystems."/" = {
    device = "none";
    fsType = "tmpfs";
  };
  environment.etc.probe.text = builtins.toJSON config.probe;
}
