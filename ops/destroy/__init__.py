"""Removes a deployment: whoever sends first, then what receives, then what was kept for good."""
