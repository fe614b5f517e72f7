# The Mac.
{
  nixpkgs.hostPlatform = "aarch64-darwin";
  networking.hostName = "macbook";
  system.primaryUser = "me";
  users.users.me.home = "/Users/me";
  security.pam.services.sudo_local.touchIdAuth = true;
  system.stateVersion = 6;
}
