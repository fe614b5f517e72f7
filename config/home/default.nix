# The owner's home: the same on the Mac, on NixOS, and on any other Linux.
{
  imports = [
    ./editor.nix
    ./git.nix
    ./shell.nix
    ./terminal.nix
    ./tools.nix
  ];
  home.stateVersion = "25.11";
  xdg.enable = true;
}
