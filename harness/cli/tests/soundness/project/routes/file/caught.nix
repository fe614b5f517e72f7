# What is thrown is caught, and nothing is seen of the file that threw it.
{ probe.caught = (builtins.tryEval (import ../../parts/throwing.nix)).success; }
