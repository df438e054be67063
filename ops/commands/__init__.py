"""The commands, one module each: its words on the command line, and what it does."""
