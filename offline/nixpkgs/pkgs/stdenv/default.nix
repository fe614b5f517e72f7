# stdenv: the platform and mkDerivation. Builds run with the shell and the basic tools of the machine
# (`/bin/sh`, PATH=/usr/bin:/bin), because nothing here can compile a coreutils; they therefore need an
# unsandboxed build, or a sandbox that shows those paths.
{ lib, config, hostPlatform }:
let
  problemOf = import ./check-meta.nix { inherit lib config hostPlatform; };

  # Attributes that describe a package but do not reach its builder.
  descriptive = [
    "meta"
    "passthru"
    "finalPackage"
  ];

  realise =
    args:
    let
      name = args.name or "${args.pname}-${args.version}";
      drv = derivation (
        {
          inherit (hostPlatform) system;
          builder = "/bin/sh";
          args = [
            "-e"
            ./setup.sh
          ];
          PATH = "/usr/bin:/bin";
          outputs = [ "out" ];
        }
        // removeAttrs args descriptive
        // {
          inherit name;
        }
      );
      problem = problemOf name (args.meta or { });
      # Only the paths are guarded, so that a package can be listed, filtered and described anywhere.
      guarded = value: if problem == null then value else throw problem;
      outputs = lib.genAttrs drv.outputs (
        output:
        drv.${output}
        // {
          outPath = guarded drv.${output}.outPath;
          drvPath = guarded drv.drvPath;
          inherit meta;
        }
      );
      meta = {
        available = problem == null;
        inherit name;
      }
      // args.meta or { };
    in
    drv
    // (args.passthru or { })
    // outputs
    // {
      inherit name meta;
      outPath = guarded drv.outPath;
      drvPath = guarded drv.drvPath;
      passthru = args.passthru or { };
    };

  # `change` may be attributes, `old: …` or `final: prev: …`.
  asExtension =
    change: final: prev:
    if lib.isFunction change then
      let
        once = change prev;
      in
      if lib.isFunction once then change final prev else once
    else
      change;

  make =
    recipe:
    let
      final = recipe (final // { finalPackage = package; });
      package = realise final // {
        overrideAttrs =
          change:
          make (
            self:
            let
              prev = recipe self;
            in
            prev // asExtension change self prev
          );
      };
    in
    package;
in
{
  inherit hostPlatform;
  buildPlatform = hostPlatform;
  targetPlatform = hostPlatform;
  inherit (hostPlatform) system isDarwin isLinux isAarch64 isx86_64;
  shell = "/bin/sh";
  mkDerivation = argsOrRecipe: make (if lib.isFunction argsOrRecipe then argsOrRecipe else _: argsOrRecipe);
}
