# Folders of packages that sessions look into besides bin, and the owner's own programs.
{ lib, local, ... }:
{
  environment.pathsToLink = [
    "/share/bash-completion"
    "/share/fish"
    "/share/zsh"
  ];
  environment.extraInit = ''
    export PATH="${lib.concatStringsSep ":" (local.helpers.paths.inHome [ ".local/bin" ])}:$PATH"
  '';
}
