# The configuration's own assertions and warnings.
{ config, lib, local, platform, ... }:
{
  assertions =
    local.assertions.crossPlatform { inherit config platform; }
    ++ local.assertions.platformSpecific.${platform.name} config
    ++ local.assertions.dependencies.common config
    ++ lib.optionals platform.isNixOS (local.assertions.dependencies.nixos config);

  warnings = lib.optional (
    !config.programs.direnv.enable
  ) "direnv is off on ${config.machine.name}: development shells are not entered by themselves";
}
