{ probe.auto-two = "value1"; }
