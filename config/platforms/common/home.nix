# The owner's home, the same one that homeConfigurations offers on its own.
{ config, local, platform, ... }:
{
  imports = map local.helpers.users.homeModule (import ../../home/modules.nix);

  home-manager = {
    useGlobalPkgs = true;
    useUserPackages = true;
    backupFileExtension = "before-home-manager";
    extraSpecialArgs = {
      inherit local platform;
      inherit (config.machine) owner;
    };
  };
}
