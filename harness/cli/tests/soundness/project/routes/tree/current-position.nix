{ probe.current-position = "${baseNameOf __curPos.file}:${toString __curPos.line}"; }
