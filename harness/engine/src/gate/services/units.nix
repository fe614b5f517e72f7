# The units of a NixOS host: { system = { NAME = { text, wanted }; }; user = …; }
{ config, lib, ... }:
let
  unit = unit: {
    text = if unit.text or null == null then "" else unit.text;
    wanted = unit.wantedBy or [ ] ++ unit.requiredBy or [ ] ++ unit.upheldBy or [ ] != [ ];
  };
  units = all: lib.mapAttrs (_: unit) (lib.filterAttrs (_: unit: unit.enable or true) all);
in
{
  system = units (config.systemd.units or { });
  user = units (config.systemd.user.units or { });
}
