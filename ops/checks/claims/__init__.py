"""The names that each part of a deployment takes; ``ops.checks.names`` has them all."""
