# The program, with what shells complete and its manual pages. Nothing is wrapped: it runs
# the `nix` that is on PATH.
{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
}:
let
  manifest = lib.importTOML ../Cargo.toml;
  inherit (lib) fileset;
  # All of the workspace: cargo wants to see the manifests of those that it does not compile.
  crates = map (name: ../harness + "/${name}") (lib.attrNames (builtins.readDir ../harness));
in
rustPlatform.buildRustPackage {
  pname = "nix-parity";
  inherit (manifest.workspace.package) version;

  # What is compiled, so that an edit of anything else builds nothing anew.
  src = fileset.toSource {
    root = ../.;
    fileset = fileset.unions (
      [
        ../Cargo.lock
        ../Cargo.toml
        # Its manifest names them.
        ../harness/suite/tests
      ]
      ++ lib.concatMap (crate: [
        (crate + "/Cargo.toml")
        (crate + "/src")
      ]) crates
    );
  };
  cargoLock.lockFile = ../Cargo.lock;
  cargoBuildFlags = [
    "--package"
    "nix-parity-cli"
  ];
  # The tests start Nix, git and machines: ci/test runs them.
  doCheck = false;

  nativeBuildInputs = [ installShellFiles ];
  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    for shell in bash fish zsh; do
      $out/bin/nix-parity completions $shell > nix-parity.$shell
    done
    installShellCompletion --cmd nix-parity \
      --bash nix-parity.bash --fish nix-parity.fish --zsh nix-parity.zsh
    $out/bin/nix-parity man --dir manual
    installManPage manual/*.1
  '';

  meta = {
    description = "One test suite for your Mac and your NixOS box";
    license = [
      lib.licenses.mit
      lib.licenses.asl20
    ];
    mainProgram = "nix-parity";
  };
}
