# By way of a link to `../Spelt`.
{
  probe.spelt-link =
    if builtins.pathExists ../../links/spelt/linked.txt then
      builtins.readFile ../../links/spelt/linked.txt
    else
      "not here";
}
