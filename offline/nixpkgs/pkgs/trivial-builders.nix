# The builders that write files and join trees, under nixpkgs's names and argument conventions.
{ lib, pkgs }:
let
  inherit (pkgs.stdenv) mkDerivation;

  runCommand =
    name: env: command:
    mkDerivation ({ inherit name; buildCommand = command; passAsFile = [ "buildCommand" ] ++ env.passAsFile or [ ]; } // removeAttrs env [ "passAsFile" ]);

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
      checkPhase ? "",
      meta ? { },
      passthru ? { },
      derivationArgs ? { },
    }:
    mkDerivation (
      {
        inherit name text meta passthru;
        passAsFile = [ "text" ];
        target = destination;
        buildCommand = ''
          file=$out$target
          mkdir -p "''${file%/*}"
          cp "$textPath" "$file"
          ${lib.optionalString executable ''chmod +x "$file"''}
          ${checkPhase}
        '';
      }
      // derivationArgs
    );

  # A tree of links to the files of several packages; the first one that has a file wins.
  joinTrees =
    { name, paths, pathsToLink, postBuild, meta ? { }, passthru ? { }, extraArgs ? { } }:
    mkDerivation (
      {
        inherit name meta passthru pathsToLink postBuild;
        paths = map toString paths;
        passAsFile = [ "paths" ];
        buildCommand = ''
          mkdir -p "$out"
          for path in $(cat "$pathsPath"); do
            for below in $pathsToLink; do
              [ -e "$path$below" ] || continue
              (cd "$path" && find -L ".$below" -type f) | while read -r file; do
                [ -e "$out/$file" ] || {
                  mkdir -p "$out/''${file%/*}"
                  ln -s "$path/''${file#./}" "$out/$file"
                }
              done
            done
          done
          eval "$postBuild"
        '';
      }
      // extraArgs
    );
in
{
  inherit runCommand writeTextFile;
  runCommandLocal = runCommand;
  runCommandNoCC = runCommand;

  writeText = name: text: writeTextFile { inherit name text; };
  writeTextDir =
    path: text:
    writeTextFile {
      inherit text;
      name = baseNameOf path;
      destination = "/${path}";
    };
  writeScript =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
    };
  writeScriptBin =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
      destination = "/bin/${name}";
      meta.mainProgram = name;
    };
  writeShellScript =
    name: text:
    writeTextFile {
      inherit name;
      executable = true;
      text = ''
        #!${pkgs.runtimeShell}
        ${text}
      '';
    };
  writeShellScriptBin =
    name: text:
    writeTextFile {
      inherit name;
      executable = true;
      destination = "/bin/${name}";
      text = ''
        #!${pkgs.runtimeShell}
        ${text}
      '';
      meta.mainProgram = name;
    };
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
      runtimeEnv ? { },
      meta ? { },
      passthru ? { },
      checkPhase ? ''sh -n "$file"'',
      ...
    }:
    writeTextFile {
      inherit name passthru checkPhase;
      executable = true;
      destination = "/bin/${name}";
      meta = { mainProgram = name; } // meta;
      text = ''
        #!${pkgs.runtimeShell}
        set -o errexit
        set -o nounset
        ${lib.concatStrings (
          lib.mapAttrsToList (key: value: "export ${key}=${lib.escapeShellArg (toString value)}\n") runtimeEnv
        )}${lib.optionalString (runtimeInputs != [ ]) ''
          export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
        ''}
        ${text}
      '';
    };

  symlinkJoin =
    args@{ name ? "${args.pname}-${args.version}", paths, postBuild ? "", meta ? { }, passthru ? { }, ... }:
    joinTrees {
      inherit name paths postBuild meta passthru;
      pathsToLink = [ "/" ];
    };

  buildEnv =
    { name, paths, pathsToLink ? [ "/" ], postBuild ? "", meta ? { }, passthru ? { }, ... }:
    joinTrees { inherit name paths pathsToLink postBuild meta passthru; };

  # `entries` is a list of { name, path }, or an attribute set from name to path.
  linkFarm =
    name: entries:
    let
      list = if lib.isAttrs entries then lib.mapAttrsToList (name: path: { inherit name path; }) entries else entries;
    in
    runCommand name { passthru.entries = list; } (
      ''mkdir -p "$out"'' + "\n"
      + lib.concatMapStrings (entry: ''
        target=$out/${lib.escapeShellArg entry.name}
        mkdir -p "''${target%/*}"
        ln -s ${lib.escapeShellArg "${entry.path}"} "$target"
      '') list
    );

  mkShell =
    {
      name ? "nix-shell",
      packages ? [ ],
      nativeBuildInputs ? [ ],
      buildInputs ? [ ],
      inputsFrom ? [ ],
      ...
    }@args:
    mkDerivation (
      removeAttrs args [
        "packages"
        "inputsFrom"
      ]
      // {
        inherit name;
        buildInputs = buildInputs ++ lib.concatMap (package: package.buildInputs or [ ]) inputsFrom;
        nativeBuildInputs =
          packages ++ nativeBuildInputs ++ lib.concatMap (package: package.nativeBuildInputs or [ ]) inputsFrom;
        buildCommand = ''
          # A shell is entered, not installed; building it records what it would hold.
          echo "$nativeBuildInputs $buildInputs" > "$out"
        '';
      }
    );
  mkShellNoCC = pkgs.mkShell;
}
