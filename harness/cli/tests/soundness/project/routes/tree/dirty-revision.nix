{ self, ... }:
{
  probe.dirty-revision = self.dirtyRev or "none";
}
