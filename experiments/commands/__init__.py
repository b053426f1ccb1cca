"""The subcommands of `qipan`, one module each; each module holds `command` and imports nothing heavy at its top."""
