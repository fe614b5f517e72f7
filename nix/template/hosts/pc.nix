# The NixOS machine.
{
  nixpkgs.hostPlatform = "x86_64-linux";
  networking.hostName = "pc";
  users.users.me = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
  };
  services.openssh = {
    enable = true;
    settings = {
      PermitRootLogin = "no";
      PasswordAuthentication = false;
    };
  };
  # As `nixos-generate-config` finds them.
  boot.loader.systemd-boot.enable = true;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  system.stateVersion = "25.11";
}
