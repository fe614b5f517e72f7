{ inputs, ... }:
{
  probe.inputs-self = builtins.readFile "${inputs.self}/data/inputs.txt";
}
