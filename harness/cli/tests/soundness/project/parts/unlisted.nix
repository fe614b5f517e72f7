{ probe.module-list = "value1 of another"; }
