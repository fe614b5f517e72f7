{ probe.spelt-kind = builtins.pathExists ../../SPELT/FOLDER; }
