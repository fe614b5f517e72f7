{ extra, ... }:
{
  probe.override = map (file: builtins.readFile (extra + "/${file}")) (builtins.attrNames (builtins.readDir extra));
}
