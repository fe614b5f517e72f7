# Packages that only one platform has, chosen in one place instead of with conditions in every list.
{ lib }:
{
  # Takes the packages for every platform and those for this one.
  select =
    platform:
    {
      common ? [ ],
      darwin ? [ ],
      nixos ? [ ],
    }:
    common ++ lib.optionals platform.isDarwin darwin ++ lib.optionals platform.isNixOS nixos;

  # Settings that exist on one platform only; elsewhere the option is not even declared.
  onDarwin = platform: lib.optionalAttrs platform.isDarwin;
  onNixOS = platform: lib.optionalAttrs platform.isNixOS;
}
