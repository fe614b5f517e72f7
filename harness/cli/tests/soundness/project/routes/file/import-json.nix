{ lib, ... }:
{
  probe.import-json = lib.importJSON ../../data/values.json;
}
