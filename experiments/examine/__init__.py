"""One thing looked at closely: a file of layouts, why a region chose so."""
