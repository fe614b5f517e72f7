# The configuration's own library; every module gets it as the argument `local`.
{ lib }:
{
  platform = {
    detect = import ./platform/detection.nix { inherit lib; };
    defaults = import ./platform/defaults.nix;
    compatibility = import ./platform/compatibility.nix { inherit lib; };
  };
  types = {
    user = import ./types/user.nix { inherit lib; };
    system = import ./types/system.nix { inherit lib; };
  };
  assertions = {
    crossPlatform = import ./assertions/cross-platform.nix { inherit lib; };
    platformSpecific = import ./assertions/platform-specific.nix;
    dependencies = import ./assertions/dependencies.nix;
  };
  helpers = {
    paths = import ./helpers/path-management.nix;
    users = import ./helpers/user-management.nix { inherit lib; };
  };
}
