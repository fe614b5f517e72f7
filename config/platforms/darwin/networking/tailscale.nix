# The other machines go by short names, which only the tailnet's resolver knows: it is asked first.
{
  services.tailscale.overrideLocalDns = true;
}
