# A package with one of its programs replaced by a script that adds flags and variables.
{ lib }:
pkgs:
{
  package,
  program ? package.meta.mainProgram,
  flags ? [ ],
  environment ? { },
}:
pkgs.symlinkJoin {
  name = "${lib.getName package}-wrapped-${lib.getVersion package}";
  paths = [ package ];
  inherit (package) meta;
  # Who looks for the package by its name finds this one.
  passthru = {
    inherit (package) pname version;
    unwrapped = package;
  };
  postBuild = ''
    rm "$out/bin/${program}"
    cat > "$out/bin/${program}" <<'SCRIPT'
    #!${pkgs.runtimeShell}
    ${lib.concatStrings (
      lib.mapAttrsToList (name: value: "export ${name}=${lib.escapeShellArg value}\n") environment
    )}exec ${lib.getExe' package program} ${lib.escapeShellArgs flags} "$@"
    SCRIPT
    chmod +x "$out/bin/${program}"
  '';
}
