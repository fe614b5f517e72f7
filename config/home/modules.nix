# The modules of the owner's home: the same on the Mac, on NixOS, and on any other Linux.
[
  ./editor.nix
  ./git.nix
  ./languages.nix
  ./search.nix
  ./secrets.nix
  ./session.nix
  ./shell.nix
  ./ssh.nix
  ./sync.nix
  ./terminal.nix
  ./tools.nix
]
