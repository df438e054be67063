"""Where documents go: two ways to the same index, behind one interface."""
