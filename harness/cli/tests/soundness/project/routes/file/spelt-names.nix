# The names as the disk has them.
{ probe.spelt-names = builtins.toJSON (builtins.readDir ../../spelt); }
