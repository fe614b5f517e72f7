# What `nix flake check` builds on every system: the repository's own packages.
{
  perSystem =
    { self', ... }:
    {
      checks = {
        inherit (self'.packages) machine-report;
      };
    };
}
