{
  text = builtins.readFile ./text.txt;
}
