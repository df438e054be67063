"""One folder per kind of log; the registry lists them."""
