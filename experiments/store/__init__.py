"""Files of a result folder: whose it is, content keys, parts that are there whole or not at all, one writer."""
