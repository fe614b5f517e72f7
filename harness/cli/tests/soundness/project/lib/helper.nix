# What every host is given.
text: "value1 ${text}"
