"""Carries outcomes to the sinks and keeps the rejects, for every function that normalises."""
