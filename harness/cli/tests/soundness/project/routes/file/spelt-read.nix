# The file is called `name.txt`: some disks find it, and others do not.
{
  probe.spelt-read =
    if builtins.pathExists ../../spelt/Name.txt then
      builtins.readFile ../../spelt/Name.txt
    else
      "not here";
}
