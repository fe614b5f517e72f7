# What only one platform has, chosen in one place instead of with conditions in every module.
{ lib }:
rec {
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

  # One subject whose options the platforms name differently: what both have, and what each adds.
  settings =
    platform:
    {
      common ? { },
      darwin ? { },
      nixos ? { },
    }:
    lib.mkMerge [
      common
      (onDarwin platform darwin)
      (onNixOS platform nixos)
    ];

  # Applications with windows: Homebrew brings them to the Mac, nixpkgs to NixOS.
  applications = {
    activitywatch = {
      cask = "activitywatch";
      package = pkgs: pkgs.activitywatch;
    };
    firefox = {
      cask = "firefox";
      package = pkgs: pkgs.firefox;
    };
    obsidian = {
      cask = "obsidian";
      package = pkgs: pkgs.obsidian;
    };
    signal = {
      cask = "signal";
      package = pkgs: pkgs.signal-desktop;
    };
    vlc = {
      cask = "vlc";
      package = pkgs: pkgs.vlc;
    };
  };
}
