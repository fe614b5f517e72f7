"value1 right"
