{ lib, ... }:
{
  probe.filtered-path = builtins.path {
    path = ../../src;
    name = "filtered";
    filter = path: type: !lib.hasSuffix ".md" path;
  };
}
