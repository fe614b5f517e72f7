# A home inside of a system.
{
  imports = [ ./shell.nix ];
  home.stateVersion = "25.05";
  home.sessionVariables.HOME_FILE = builtins.readFile ../data/home.txt;
}
