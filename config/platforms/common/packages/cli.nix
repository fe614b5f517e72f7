# Tools on the command line, for everybody on the machine.
{ pkgs, ... }:
{
  environment.systemPackages = with pkgs; [
    fd
    jq
    ripgrep
    yq-go
  ];
}
