# The base modules of every home.
[
  ./assertions.nix
  ./files.nix
  ./home-environment.nix
  ./launchd.nix
  ./nix.nix
  ./programs/cli.nix
  ./programs/git.nix
  ./programs/neovim.nix
  ./programs/shells.nix
  ./programs/ssh.nix
  ./programs/terminal.nix
  ./services/gpg-agent.nix
  ./systemd.nix
  ./xdg.nix
]
