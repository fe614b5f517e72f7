if builtins.readFile ../data/throws == "yes" then throw "value1" else "value1"
