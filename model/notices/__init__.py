"""What a reader is told, warned of or asked to note: keys with values until they are printed."""
