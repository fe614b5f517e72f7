# Turns the table into packages: each a real derivation whose programs say what they stand in for.
{ lib, pkgs }:
table:
let
  inherit (pkgs) stdenv;

  licenses = {
    mit = { shortName = "mit"; spdxId = "MIT"; free = true; };
    asl20 = { shortName = "asl20"; spdxId = "Apache-2.0"; free = true; };
    bsd = { shortName = "bsd3"; spdxId = "BSD-3-Clause"; free = true; };
    gpl2 = { shortName = "gpl2Plus"; spdxId = "GPL-2.0-or-later"; free = true; };
    gpl3 = { shortName = "gpl3Plus"; spdxId = "GPL-3.0-or-later"; free = true; };
    mpl = { shortName = "mpl20"; spdxId = "MPL-2.0"; free = true; };
    other = { shortName = "free"; free = true; };
    unfree = { shortName = "unfree"; free = false; };
  };
  onLinux = [ "aarch64-linux" "x86_64-linux" ];
  onDarwin = [ "aarch64-darwin" "x86_64-darwin" ];
  platforms = {
    all = onLinux ++ onDarwin;
    linux = onLinux;
    darwin = onDarwin;
  };

  package =
    attr:
    {
      pname ? attr,
      version,
      bin ? [ attr ],
      license ? "mit",
      on ? "all",
      # A login shell has a shellPath; `runs` is what its program really does.
      shell ? false,
      runs ? null,
      share ? { },
      about,
    }:
    let
      program =
        name:
        if runs != null then
          runs
        else
          ''echo "${name}: ${pname} ${version}, a stand-in without function"'';
    in
    lib.makeOverridable (
      { }:
      stdenv.mkDerivation {
        inherit pname version;
        buildCommand = ''
          mkdir -p "$out"
          ${lib.concatMapStrings (name: ''
            mkdir -p "$out/bin"
            printf '%s\n' '#!/bin/sh' ${lib.escapeShellArg (program name)} > "$out/bin/${name}"
            chmod +x "$out/bin/${name}"
          '') bin}
          ${lib.concatStrings (
            lib.mapAttrsToList (path: text: ''
              mkdir -p "$out/${dirOf path}"
              printf '%s' ${lib.escapeShellArg text} > "$out/${path}"
            '') share
          )}
        '';
        passthru = lib.optionalAttrs shell { shellPath = "/bin/${lib.head bin}"; };
        meta = {
          description = about;
          license = licenses.${license};
          platforms = platforms.${on};
          # A locale- or font-like package has no program of its own.
        }
        // lib.optionalAttrs (bin != [ ]) { mainProgram = lib.head bin; };
      }
    ) { };
in
lib.mapAttrs package table
