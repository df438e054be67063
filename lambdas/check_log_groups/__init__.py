"""Says for a Config rule which log groups are not as they should be."""
