{
  probe.directory = import ./beside.nix;
}
