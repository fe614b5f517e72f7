# The repository's own packages, for `pkgs`.
final: prev: {
  machine-report = final.callPackage ../machine-report.nix { };

  # nginx speaks to strangers: compiled to run at addresses that nobody can guess, with a watched stack
  # and tables that cannot be written to.
  nginx-hardened = prev.nginx.overrideAttrs (old: {
    hardeningEnable = (old.hardeningEnable or [ ]) ++ [
      "pie"
      "relro"
      "bindnow"
      "stackprotector"
      "fortify3"
    ];
  });
}
