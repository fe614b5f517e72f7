{
  probe.spelt-import =
    if builtins.pathExists ../../Spelt/Part.nix then import ../../Spelt/Part.nix else "not here";
}
