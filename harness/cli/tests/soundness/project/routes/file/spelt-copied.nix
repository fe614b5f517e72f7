{
  probe.spelt-copied =
    if builtins.pathExists ../../SPELT/Folder/Inside.txt then
      builtins.readFile "${../../SPELT/Folder/Inside.txt}"
    else
      "not here";
}
