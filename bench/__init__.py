"""How fast the model is, beside an independent implementation of the same year in idiomatic Mesa."""
