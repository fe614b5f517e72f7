# The repository's own packages, for `pkgs`.
final: _prev: {
  machine-report = final.callPackage ../machine-report.nix { };
}
