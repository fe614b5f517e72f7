# kitty as one process for all windows, which also start sooner then.
{ wrap }:
pkgs:
wrap pkgs {
  package = pkgs.kitty;
  flags = [ "--single-instance" ];
}
