"""Running code: one folder per function, named by its verb or its work."""
