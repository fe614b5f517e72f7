# Parts of version numbers.
{ lib }:
rec {
  inherit (builtins) compareVersions splitVersion;
  major = v: builtins.elemAt (splitVersion v) 0;
  minor = v: builtins.elemAt (splitVersion v) 1;
  patch = v: builtins.elemAt (splitVersion v) 2;
  majorMinor = v: builtins.concatStringsSep "." (lib.take 2 (splitVersion v));
  # Cut or filled up with zeros to `n` parts.
  pad =
    n: v:
    let
      plain = builtins.head (lib.splitString "-" v);
      suffix = lib.removePrefix plain v;
      parts = lib.take n (lib.splitString "." plain);
    in
    builtins.concatStringsSep "." (parts ++ lib.replicate (n - builtins.length parts) "0") + suffix;
}
