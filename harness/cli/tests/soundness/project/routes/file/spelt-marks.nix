# Written in one character, and the name of the file in two.
let
  path = ../../spelt + "/café.txt";
in
{
  probe.spelt-marks = if builtins.pathExists path then builtins.readFile path else "not here";
}
