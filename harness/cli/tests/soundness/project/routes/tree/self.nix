{ self, ... }:
{
  probe.self = builtins.readFile (self + "/data/self.txt");
}
