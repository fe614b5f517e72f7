"value1 ${given}"
