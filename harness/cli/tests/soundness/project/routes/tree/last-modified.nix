{ self, ... }:
{
  probe.last-modified = self.lastModified or 0;
}
