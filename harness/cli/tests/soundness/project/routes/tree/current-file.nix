{ probe.current-file = builtins.hashString "md5" __curPos.file; }
