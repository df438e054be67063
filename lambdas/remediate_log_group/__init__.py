"""Puts a log group right that a Config rule has found: text of a Systems Manager document."""
