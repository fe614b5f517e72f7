# The tailnet answers for its own names only; all others go to the resolvers chosen here.
{
  services.tailscale.overrideLocalDns = false;
}
