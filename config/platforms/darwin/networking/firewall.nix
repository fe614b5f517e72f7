# The application firewall.
{
  networking.applicationFirewall = {
    enable = true;
    allowSigned = true;
    allowSignedApp = false;
    enableStealthMode = true;
  };
}
