# The owner's home, the same one that homeConfigurations offers on its own.
{ config, local, platform, ... }:
{
  home-manager = {
    useGlobalPkgs = true;
    useUserPackages = true;
    backupFileExtension = "before-home-manager";
    extraSpecialArgs = {
      inherit local platform;
      inherit (config.machine) owner;
    };
    users.${config.machine.owner.name} = import ../../home;
  };
}
