"""Writes down, every so often, what the organisation says of its accounts."""
