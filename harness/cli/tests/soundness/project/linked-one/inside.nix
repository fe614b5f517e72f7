"value1 one"
