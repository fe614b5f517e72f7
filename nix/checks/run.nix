# A build that runs `nix-parity run` on a flake. A build has no network and cannot ask the Nix that
# builds it, but it can evaluate with one of its own: in a store of its own below the folder of the
# build, to which the flake's inputs are copied. What would have to be built there is skipped.
{
  pkgs,
  self,
  profile,
  directory,
  package,
  nix,
}:
let
  inherit (pkgs) lib;
  # Flakes in a folder of their tree have that folder in their outPath.
  treeOf = flake: flake.sourceInfo.outPath or flake.outPath;
  folderOf = flake: lib.removePrefix "/" (lib.removePrefix (treeOf flake) flake.outPath);
  isWhole = tree: dirOf tree == builtins.storeDir;

  # All inputs with the paths to them, `home-manager/nixpkgs`. One that is this flake itself, as an
  # empty `follows` makes it, is found by Nix; one within the tree of another is too.
  inputsOf =
    prefix: flake:
    lib.concatLists (
      lib.mapAttrsToList (
        name: input:
        lib.optionals (input.outPath != self.outPath) (
          lib.optional (isWhole (treeOf input)) {
            name = prefix + name;
            inherit input;
          }
          ++ inputsOf "${prefix}${name}/" input
        )
      ) (flake.inputs or { })
    );
  inputs = inputsOf "" self;

  quoted = lib.replaceStrings [ "+" "/" "=" ] [ "%2B" "%2F" "%3D" ];
  # Locked, so that Nix takes the copy.
  referenceTo =
    input:
    let
      settings =
        lib.optional (input ? narHash) "narHash=${quoted input.narHash}"
        ++ lib.optional (folderOf input != "") "dir=${quoted (folderOf input)}";
    in
    "path:${treeOf input}" + lib.optionalString (settings != [ ]) "?${lib.concatStringsSep "&" settings}";
in
{
  name,
  arguments,
}:
pkgs.runCommand "nix-parity-${name}"
  {
    nativeBuildInputs = [
      package
      nix
    ];
    trees = lib.unique (map (entry: treeOf entry.input) inputs);
    arguments = lib.escapeShellArgs (
      lib.concatMap (entry: [ "--override-input" entry.name (referenceTo entry.input) ]) inputs
      ++ lib.optionals (profile != null) [ "--profile" profile ]
      ++ arguments
    );
    tree = treeOf self;
    directory = lib.concatStringsSep "/" (lib.filter (part: part != "") [ (folderOf self) directory ]);
    passAsFile = [ "arguments" ];
  }
  ''
    here=$PWD
    mkdir home settings
    export HOME=$here/home NIX_CONF_DIR=$here/settings NIX_USER_CONF_FILES=/dev/null
    export NIX_REMOTE="local?root=$here/root" NIX_PARITY_CACHE_DIR= CI=true
    # Nothing is fetched, and nothing is built.
    export NIX_CONFIG="experimental-features = nix-command flakes
    build-users-group =
    flake-registry =
    max-jobs = 0
    builders =
    substituters ="

    for input in $trees; do
      nix store add-path --name source "$input" > /dev/null
    done
    cp -R "$tree" project
    chmod -R u+w project

    eval "set -- $(cat "$argumentsPath")"
    mkdir -p "$out"
    code=0
    nix-parity -C "project/$directory" --format jsonl run "$@" > "$out/run.jsonl" || code=$?
    if [ -s "$out/run.jsonl" ]; then
      nix-parity report --from "$out/run.jsonl" || true
    fi
    [ $code = 0 ] || exit $code
  ''
