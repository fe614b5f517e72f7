{
  # A comment
  probe.import = "value1";
}
