# The other machines go by short names, which only the tailnet's resolver knows. It asks those that the
# tailnet's console names for all others, and nix-darwin refuses resolvers beside it.
{
  services.tailscale.overrideLocalDns = true;
}
