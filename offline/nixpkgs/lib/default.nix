# The library as one attribute set: `import ./lib`.
# Each file gives one subject (`lib.lists`, `lib.strings`, …); the subjects that nixpkgs also offers at the top level
# are laid over each other here. Files only refer to each other through the fixed point, so order is of no weight.
let
  fixedPoints = import ./fixed-points.nix { lib = builtins; };

  build =
    lib:
    let
      load = file: import file { inherit lib; };
      subjects = {
        trivial = load ./trivial.nix;
        fixedPoints = load ./fixed-points.nix;
        lists = load ./lists.nix;
        attrsets = load ./attrsets.nix;
        strings = load ./strings.nix;
        asserts = load ./asserts.nix;
        debug = load ./debug.nix;
        derivations = load ./derivations.nix;
        customisation = load ./customisation.nix;
        meta = load ./meta.nix;
        sources = load ./sources.nix;
        options = load ./options.nix;
        modules = load ./modules;
      };
    in
    builtins.foldl' (all: name: all // subjects.${name}) { } (builtins.attrNames subjects)
    // subjects
    // {
      types = load ./types;
      generators = load ./generators.nix;
      versions = load ./versions.nix;
      systems = load ./systems.nix;
      platforms = load ./platforms.nix;
      licenses = load ./licenses.nix;
      cli = load ./cli.nix;
      fileset = load ./fileset.nix;
      filesystem = load ./filesystem.nix;
      path = load ./path.nix;
      stringsWithDeps = load ./strings-with-deps.nix;
      # Nobody maintains the stand-in packages; the names exist so that `meta` blocks evaluate.
      maintainers = { };
      teams = { };
      inherit (lib.types)
        isOptionType
        mkOptionType
        defaultFunctor
        defaultTypeMerge
        ;
      # Strings have functions of these names too.
      inherit (lib.lists) replicate;
      inherit (lib.generators) mkLuaInline;
      inherit (lib.stringsWithDeps)
        textClosureList
        textClosureMap
        noDepEntry
        fullDepEntry
        packEntry
        stringAfter
        ;
      inherit (lib.filesystem)
        pathType
        pathIsDirectory
        pathIsRegularFile
        packagesFromDirectoryRecursive
        ;
    };
in
fixedPoints.makeExtensible build
