"value1"
