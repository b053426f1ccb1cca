"""How fast the model is, beside independent implementations of the same year in idiomatic Mesa and in JAX."""
