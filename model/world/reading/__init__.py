"""Tables read from files: the reader of small tables, typed columns, own tables and whether they can be true."""
