# The configuration's own library; every module gets it as the argument `local`.
{ lib }:
{
  platform = {
    detect = import ./platform/detection.nix { inherit lib; };
    defaults = import ./platform/defaults.nix;
    compatibility = import ./platform/compatibility.nix { inherit lib; };
  };
  types = {
    package = import ./types/package.nix { inherit lib; };
    service = import ./types/service.nix { inherit lib; };
    system = import ./types/system.nix { inherit lib; };
    user = import ./types/user.nix { inherit lib; };
  };
  assertions = {
    crossPlatform = import ./assertions/cross-platform.nix { inherit lib; };
    platformSpecific = import ./assertions/platform-specific.nix;
    dependencies = import ./assertions/dependencies.nix { inherit lib; };
  };
  helpers = {
    conditional = import ./helpers/conditional.nix { inherit lib; };
    paths = import ./helpers/path-management.nix { inherit lib; };
    users = import ./helpers/user-management.nix { inherit lib; };
  };
  wrappers = import ./wrappers { inherit lib; };
}
