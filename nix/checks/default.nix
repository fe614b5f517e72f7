# mkChecks: the checks of a flake's hosts, for `checks.<system>`. docs/flake.md says what each proves.
{
  # The packages of the system that the checks are for.
  pkgs,
  # The flake whose hosts they are.
  self,
  # The hosts, by name; all where null.
  hosts ? null,
  # Whether there is a check for each host: that it comes out as a derivation.
  evaluate ? true,
  # The cases, by parts of their names; all where empty, no check where null.
  cases ? [ ],
  # More arguments of `nix-parity run`, such as `[ "--tag" "fast" ]`.
  arguments ? [ ],
  # The profile of parity.yaml. Inputs are those of the flake, whatever it says of them.
  profile ? null,
  # The folder of parity.yaml and cases/, within the flake.
  directory ? ".",
  # The tests of machines: what `nix-parity vm --export FILE` has written.
  vmTests ? null,
  # The programs that run.
  package ? pkgs.nix-parity or (pkgs.callPackage ../package.nix { }),
  nix ? pkgs.nix,
}:
let
  inherit (pkgs) lib;
  # By what each is called, and not `self.${…}`: whoever evaluates this depends on these only.
  outputs = {
    darwin = self.darwinConfigurations or { };
    nixos = self.nixosConfigurations or { };
    home = self.homeConfigurations or { };
  };
  known = lib.concatMap lib.attrNames [
    outputs.darwin
    outputs.nixos
    outputs.home
  ];
  unknown = lib.subtractLists known (lib.optionals (hosts != null) hosts);

  run = import ./run.nix {
    inherit pkgs self profile directory package nix;
  };
in
lib.throwIf (unknown != [ ]) "mkChecks: the flake has no host ${toString unknown}; it has ${toString known}" (
  lib.optionalAttrs evaluate (import ./hosts.nix { inherit pkgs outputs hosts; })
  // lib.optionalAttrs (cases != null) {
    parity-cases = run {
      name = "cases";
      arguments =
        arguments
        ++ lib.concatMap (host: [ "--host" host ]) (lib.optionals (hosts != null) hosts)
        ++ [ "--" ]
        ++ cases;
    };
  }
  // lib.optionalAttrs (vmTests != null) (
    import ./machines.nix {
      inherit pkgs self hosts run vmTests;
    }
  )
)
