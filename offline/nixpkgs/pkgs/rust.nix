# rustPlatform: compiles with the machine's own cargo and the crates that it has, since nothing here could fetch or
# vendor them. Where a build finds no cargo it fails and says so.
{ lib, pkgs }:
{
  # What `installShellFiles` offers, as functions of the shell.
  installShellFiles = pkgs.writeTextFile {
    name = "install-shell-files";
    destination = "/nix-support/setup-hook";
    text = ''
      installShellCompletion() {
        while [ $# -gt 0 ]; do
          case $1 in
            --cmd) shift ;;
            --bash) install -D -m 444 "$2" "$out/share/bash-completion/completions/''${2%.bash}.bash"; shift ;;
            --fish) install -D -m 444 "$2" "$out/share/fish/vendor_completions.d/$2"; shift ;;
            --zsh) install -D -m 444 "$2" "$out/share/zsh/site-functions/_''${2%.zsh}"; shift ;;
            *) echo "installShellCompletion: what is $1?" >&2; return 1 ;;
          esac
          shift
        done
      }
      installManPage() {
        for page; do
          install -D -m 444 "$page" "$out/share/man/man''${page##*.}/''${page##*/}"
        done
      }
    '';
  };

  rustPlatform.buildRustPackage =
    args:
    pkgs.stdenv.mkDerivation (
      removeAttrs args [ "cargoLock" "cargoBuildFlags" "doCheck" ]
      // {
        cargoBuildFlags = args.cargoBuildFlags or [ ];
        buildPhase = ''
          home=$(getent passwd "$(id -un)" | cut -d: -f6)
          PATH=$PATH:''${CARGO_HOME:-$home/.cargo}/bin
          if ! command -v cargo > /dev/null; then
            echo "this is the offline base: it compiles with the machine's cargo, and finds none" >&2
            exit 1
          fi
          export HOME=$home
          cargo build --release --offline --locked --target-dir "$TMPDIR/target" $cargoBuildFlags
        '';
        installPhase = ''
          for input in $nativeBuildInputs; do
            [ ! -e "$input/nix-support/setup-hook" ] || . "$input/nix-support/setup-hook"
          done
          find "$TMPDIR/target/release" -maxdepth 1 -type f -perm -u+x -exec install -D -t "$out/bin" {} +
          eval "''${postInstall:-}"
        '';
      }
    );
}
