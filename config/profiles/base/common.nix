# Base of every machine.
{
  imports = [ ../../platforms/common ];
}
