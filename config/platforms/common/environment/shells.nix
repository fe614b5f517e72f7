# Shells, and the aliases that work in all of them.
{ pkgs, ... }:
{
  programs.bash.completion.enable = true;
  programs.fish.enable = true;
  programs.zsh = {
    enable = true;
    enableCompletion = true;
    enableBashCompletion = true;
  };

  environment.shells = [
    pkgs.fish
    pkgs.zsh
  ];
  environment.shellAliases = {
    g = "git";
    ll = "ls -lh";
    ".." = "cd ..";
    rebuild = "just switch";
    checks = "nix-parity run";
  };
}
