# A test whose machines are hosts of the flake, for its driver and for mkChecks; null where nixpkgs has no
# such tests. `hosts` is `nixosConfigurations`; `spec` says what the case asks for.
hosts: spec:
{ pkgs, config, ... }:
let
  inherit (builtins) mapAttrs removeAttrs;

  modulesOf =
    name:
    (hosts.${name} or (throw "the flake has no nixosConfigurations.${name}"))._module.args.modules
      or (throw "nixosConfigurations.${name} does not tell its modules: is it made by `nixosSystem`?");

  node =
    name: node:
    { lib, ... }:
    {
      imports = modulesOf node.host ++ node.modules;
      inherit (spec) virtualisation;
      # Nodes reach each other by their names; a machine alone keeps its own.
      networking = if node.renamed then { hostName = lib.mkForce name; } else { };
    };

  test = pkgs.testers.runNixOSTest {
    inherit (spec) name testScript enableOCR;
    nodes = mapAttrs node spec.nodes;
    node = {
      # The set that tests have of their own is that of their own modules.
      specialArgs = removeAttrs (config._module.specialArgs or { }) [ "modulesPath" ] // spec.specialArgs;
      # Hosts may set options of `nixpkgs`.
      pkgsReadOnly = false;
    };
    # The script is ours, and loads its program when it runs.
    skipLint = true;
    skipTypeCheck = true;
  };
in
if pkgs ? testers.runNixOSTest then test else null
