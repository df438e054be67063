"""A small organisation's ordinary day with one incident in it, as records to be put."""
