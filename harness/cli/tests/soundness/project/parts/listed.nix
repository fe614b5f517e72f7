{ probe.module-list = "value1"; }
