{ options, ... }:
{
  probe.definition-files = builtins.hashString "md5" (builtins.toJSON options.probe.files);
}
