"""The organisation's own log sources, switched on from the central account."""
