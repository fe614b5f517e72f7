# Paths that depend on the platform.
{ lib }:
{
  homeOf = defaults: user: "${defaults.homeRoot}/${user}";

  # File for what a program of this account has to say.
  logOf = defaults: home: program: "${home}/${defaults.logs}/${program}.log";

  # Folders of a home on PATH, for shells that expand HOME.
  inHome = map (folder: "$HOME/${folder}");

  # File systems by label, so that a machine can be installed before its disks are known.
  byLabel = lib.mapAttrs (_: disk: { device = "/dev/disk/by-label/${disk.label}"; } // removeAttrs disk [ "label" ]);
}
