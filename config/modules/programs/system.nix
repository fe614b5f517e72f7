# machine.packages: what is installed for everybody, by subject and by the platform that has it.
{ config, lib, local, platform, ... }:
{
  options.machine.packages = lib.mkOption {
    type = lib.types.attrsOf local.types.package.group;
    default = { };
    description = "Packages for everybody on the machine, by subject.";
  };

  config.environment.systemPackages = lib.concatMap (local.platform.compatibility.select platform) (
    lib.attrValues config.machine.packages
  );
}
