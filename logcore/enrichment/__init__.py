"""Adds to a document what its record does not say: who owns the account, where an address is."""
