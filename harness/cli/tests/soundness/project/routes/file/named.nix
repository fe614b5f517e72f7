{ name, ... }:
{
  probe.named = import ../../named/${name}.nix;
}
