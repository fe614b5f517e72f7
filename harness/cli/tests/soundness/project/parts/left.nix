"value1 left"
