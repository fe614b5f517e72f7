{
  home.sessionVariables.HOME_MODULE = "value1";
}
