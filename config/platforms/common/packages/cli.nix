# Tools on the command line, for everybody on the machine.
{ pkgs, ... }:
{
  machine.packages.cli.common = with pkgs; [
    dust
    fd
    jq
    ripgrep
    yq-go
  ];
}
