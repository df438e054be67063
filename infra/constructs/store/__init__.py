"""What is kept, and the key that it is kept with."""
