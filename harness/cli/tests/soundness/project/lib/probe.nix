# What a host makes of each file that reaches it.
{ lib, helper, ... }:
{
  options.probe = lib.mkOption {
    type = lib.types.attrsOf lib.types.anything;
    default = { };
  };
  config.probe.shared = helper "shared";
}
