{ self, ... }:
{
  probe.self-out-path = self.outPath;
}
