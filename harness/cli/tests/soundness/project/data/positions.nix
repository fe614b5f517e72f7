{
  # value1
  a = 1;
}
