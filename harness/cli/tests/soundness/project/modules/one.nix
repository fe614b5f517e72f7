{ probe.auto-one = "value1"; }
