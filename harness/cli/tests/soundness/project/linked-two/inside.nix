"value1 two"
