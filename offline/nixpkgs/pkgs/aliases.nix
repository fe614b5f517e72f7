# Names that are not packages of their own, and the sets nested in the top level.
{ lib, final, prev }:
{
  runtimeShell = "${final.bash}${final.bash.shellPath}";
  bashInteractive = final.bash;
  # An interpreter with libraries is a package of its own, which lists them.
  python3 = final.python313 // {
    withPackages =
      choose:
      let
        libraries = choose (lib.genAttrs [ "jupyterlab" "mlflow" "numpy" "pandas" "scikit-learn" "torch" ] lib.id);
      in
      final.symlinkJoin {
        name = "${final.python313.pname}-${final.python313.version}-env";
        paths = [ final.python313 ];
        postBuild = lib.concatMapStrings (library: "echo ${library} >> $out/libraries\n") libraries;
      };
  };
  nixVersions = {
    # The one that evaluates within a build must be able to: it is the machine's.
    stable = final.writeShellScriptBin "nix" ''
      for nix in /usr/local/bin/nix /usr/bin/nix /nix/var/nix/profiles/default/bin/nix /run/current-system/sw/bin/nix; do
        [ ! -x "$nix" ] || exec "$nix" "$@"
      done
      echo "this is the offline base: it runs the machine's nix, and finds none" >&2
      exit 1
    '';
    latest = final.nix;
  };
  linuxPackages = lib.recurseIntoAttrs or lib.id { kernel = final.linux; };
  linuxPackages_latest = { kernel = final.linux_latest; };
  nerd-fonts = {
    jetbrains-mono = final.nerd-fonts-jetbrains-mono;
  };
}
