# Written by `nix-parity vm --export`, from the `vm` cases: not to be edited. One test for each
# boot: the host whose test it is, the cases that share it, and what `mkChecks` makes of it.
{
}
