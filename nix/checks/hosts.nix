# A check for each host of a flake: that it comes out as a derivation, no assertion failing. Nix
# finds that out when it evaluates the check, also with `--no-build`; nothing of a host is built.
{
  pkgs,
  outputs,
  hosts,
}:
let
  inherit (pkgs) lib;

  isAsked = name: hosts == null || lib.elem name hosts;

  check =
    platform: toplevelOf: name: host:
    let
      toplevel = toplevelOf host;
    in
    pkgs.runCommandLocal "nix-parity-${platform}-${lib.strings.sanitizeDerivationName name}"
      {
        # As text: with its context the host would have to be built first.
        derivation = builtins.unsafeDiscardStringContext toplevel.drvPath;
      }
      ''
        printf '%s\n' "$derivation" > "$out"
      '';

  checksOf =
    platform: toplevelOf:
    lib.mapAttrs' (name: host: lib.nameValuePair "parity-${platform}-${name}" (check platform toplevelOf name host)) (
      lib.filterAttrs (name: _: isAsked name) outputs.${platform}
    );

  ofSystem = host: host.config.system.build.toplevel;
in
checksOf "darwin" ofSystem
// checksOf "nixos" ofSystem
// checksOf "home" (host: host.activationPackage)
