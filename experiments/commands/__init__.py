"""The subcommands of `qipan`, one module each; each module holds `command` and imports nothing heavy at its top.

A new one is also named in `SECTIONS` of `command_line.py`, in the order of use.
"""
