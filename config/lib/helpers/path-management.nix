# Paths that depend on the platform.
{
  homeOf = defaults: user: "${defaults.homeRoot}/${user}";
}
