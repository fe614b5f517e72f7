# Signatures and isolation of builds.
{ platform, ... }:
{
  nix.settings = {
    require-sigs = true;
    # macOS's sandbox breaks too many builds; there "relaxed" is as far as it goes.
    sandbox = if platform.isDarwin then "relaxed" else true;
  };
}
