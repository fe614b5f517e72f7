# Names that are not packages of their own, and the sets nested in the top level.
{ lib, final, prev }:
{
  runtimeShell = "${final.bash}${final.bash.shellPath}";
  bashInteractive = final.bash;
  python3 = final.python313;
  nixVersions = {
    stable = final.nix;
    latest = final.nix;
  };
  linuxPackages = lib.recurseIntoAttrs or lib.id { kernel = final.linux; };
  linuxPackages_latest = { kernel = final.linux_latest; };
  nerd-fonts = {
    jetbrains-mono = final.nerd-fonts-jetbrains-mono;
  };
}
