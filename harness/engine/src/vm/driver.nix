# A test whose machines are hosts of the flake, for its driver and for mkChecks; null where nixpkgs has no
# such tests. `hosts` is `nixosConfigurations`; `spec` says what the case asks for.
hosts: spec:
{ pkgs, ... }:
let
  inherit (builtins) attrValues foldl' mapAttrs removeAttrs;

  named = name: hosts.${name} or (throw "the flake has no nixosConfigurations.${name}");

  modulesOf =
    name:
    (named name)._module.args.modules
      or (throw "nixosConfigurations.${name} does not tell its modules: is it made by `nixosSystem`?");

  # What a host was made with; the evaluated host tells, and its `config` does not.
  specialArgsOf = name: (named name)._module.specialArgs or { };

  # The packages of a host, with the `nixpkgs` options that its modules set: a test hands
  # its own packages to its nodes, and refuses hosts that configure them.
  packagesOf =
    node:
    let
      host = named node.host;
      # What is added may set options that only machines of tests have.
      lenient = [ { _module.check = false; } ];
      varied = host.extendModules { modules = node.modules ++ lenient; };
    in
    if node.modules == [ ] then host.pkgs else varied.pkgs;

  node =
    name: node:
    { lib, ... }:
    {
      imports = modulesOf node.host ++ node.modules;
      inherit (spec) virtualisation;
      nixpkgs = mapAttrs (_: lib.mkVMOverride) {
        pkgs = packagesOf node;
        config = { };
        overlays = [ ];
      };
      # Nodes reach each other by their names; a machine alone keeps its own.
      networking = if node.renamed then { hostName = lib.mkForce name; } else { };
    };

  test = pkgs.testers.runNixOSTest {
    inherit (spec) name testScript enableOCR;
    nodes = mapAttrs node spec.nodes;
    node = {
      # One set for all nodes: where hosts differ, what the case's own host has counts.
      # The set that tests have of their own is that of their own modules.
      specialArgs =
        removeAttrs (foldl' (all: node: all // specialArgsOf node.host) { } (attrValues spec.nodes)
          // specialArgsOf spec.host) [ "modulesPath" ]
        // spec.specialArgs;
      # Hosts may set options of `nixpkgs`.
      pkgsReadOnly = false;
    };
    # Time limits are kept by who runs the driver, and this one has but to be the longer;
    # in a check of a flake there is nobody else, and `spec` has it.
    globalTimeout = spec.globalTimeout or (7 * 24 * 3600);
    # The script is ours, and loads its program when it runs.
    skipLint = true;
    skipTypeCheck = true;
  };
in
if pkgs ? testers.runNixOSTest then test else null
