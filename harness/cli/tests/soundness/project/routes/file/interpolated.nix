{ probe.interpolated = "${../../data/interpolated.txt}"; }
