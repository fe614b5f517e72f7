{ lib, ... }:
{
  probe.list-files = map (path: builtins.hashFile "md5" path) (lib.filesystem.listFilesRecursive ../../src);
}
