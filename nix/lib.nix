# What other flakes call. Plain functions: nothing here needs flake-parts.
{
  mkChecks = import ./checks;
}
