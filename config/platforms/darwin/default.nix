# What only a Mac has.
{
  imports = [
    ./networking/dns.nix
    ./networking/firewall.nix
    ./services/homebrew.nix
    ./services/launchd.nix
    ./services/touch-id.nix
    ./system/defaults.nix
    ./system/file-associations.nix
    ./system/finder.nix
    ./system/keyboard.nix
    ./system/nix.nix
  ];
}
