# What only a Mac has.
{
  imports = [
    ./networking/network-services.nix
    ./networking/tailscale.nix
    ./services/homebrew.nix
    ./services/launchd.nix
    ./services/touch-id.nix
    ./system/defaults.nix
    ./system/file-associations.nix
    ./system/finder.nix
    ./system/keyboard.nix
    ./system/spotlight.nix
  ];
}
