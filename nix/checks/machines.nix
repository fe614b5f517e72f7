# The checks that boot machines: for each test of a file that `nix-parity vm --export` has written,
# the NixOS test, and then a look at what it told by the cases. None where nixpkgs has no such tests,
# or where the machines are of another system than the checks.
{
  pkgs,
  self,
  hosts,
  run,
  vmTests,
}:
let
  inherit (pkgs) lib;
  testOf = import ../../harness/engine/src/vm/driver.nix self.nixosConfigurations;

  isAsked =
    test:
    (hosts == null || lib.elem test.host hosts)
    && (if test.system != null then test.system else systemOf test.host) == pkgs.stdenv.hostPlatform.system;
  systemOf = host: self.nixosConfigurations.${host}.pkgs.stdenv.hostPlatform.system;

  check =
    name: test:
    let
      # Nobody else ends a check that hangs; an hour is what nixpkgs gives a test.
      machines = testOf ({ globalTimeout = 3600; } // test.specification) { inherit (self.nixosConfigurations.${test.host}) config pkgs; };
    in
    run {
      inherit name;
      # That it was built says that no step failed; what its commands printed is looked at here.
      arguments = [
        "--tested"
        "${machines}"
        "--exact"
        "--"
      ]
      ++ test.cases;
    };
in
lib.optionalAttrs (pkgs ? testers.runNixOSTest) (lib.mapAttrs check (lib.filterAttrs (_: isAsked) (import vmTests)))
