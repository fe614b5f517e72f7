{ pin, ... }:
{
  probe.lock = builtins.readFile "${pin}/pinned.txt";
}
