# vi and vim as whoever has no settings of their own starts them, root for one.
{
  environment.variables.EXINIT = "set number expandtab shiftwidth=2";
}
