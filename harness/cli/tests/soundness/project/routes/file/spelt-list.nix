{
  probe.spelt-list =
    if builtins.pathExists ../../spelt/folder then
      builtins.toJSON (builtins.readDir ../../spelt/folder)
    else
      "not here";
}
