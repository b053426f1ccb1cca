"""A command as a process: how it begins, hears Ctrl-C, shows progress and ends."""
