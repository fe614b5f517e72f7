{ pkgs, ... }:
{
  probe.environment = (pkgs.runCommand "environment" { TREE = toString ../../.; } "touch $out").drvPath;
}
