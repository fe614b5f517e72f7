# Everything that is the same on both platforms.
{
  imports = [
    ../../modules/machine.nix
    ../../modules/services/databases.nix
    ../../modules/services/monitoring.nix
    ./core/checks.nix
    ./core/identity.nix
    ./core/network.nix
    ./core/nix-settings.nix
    ./core/performance.nix
    ./core/security.nix
    ./core/users.nix
    ./environment/fonts.nix
    ./environment/locale.nix
    ./environment/paths.nix
    ./environment/shells.nix
    ./environment/variables.nix
    ./home.nix
    ./packages/base.nix
    ./packages/overlays.nix
    ./programs/fish.nix
    ./programs/security-tools.nix
  ];
}
