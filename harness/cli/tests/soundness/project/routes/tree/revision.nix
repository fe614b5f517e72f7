{ self, ... }:
{
  probe.revision = self.rev or "none";
}
