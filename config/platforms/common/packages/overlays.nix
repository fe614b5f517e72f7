# The repository's own packages, laid over nixpkgs.
{
  nixpkgs.overlays = [ (import ../../../packages/overlays) ];
}
