# A machine that nobody sits at: it comes back by itself, and says little.
{
  imports = [ ../user/minimal.nix ];
  machine.roles = [ "server" ];
  boot.kernelParams = [ "panic=30" ];
  services.openssh.settings.LogLevel = "VERBOSE";
  services.journald.extraConfig = ''
    SystemMaxUse=1G
  '';
}
