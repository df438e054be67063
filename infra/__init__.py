"""Deploying code: configuration, constructs, and the stacks that introduce them to each other."""
