"""What normalisation costs, as a ratio to the least that anything in its place would have to do."""
