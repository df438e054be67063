"""What tells people: one alarm per promise, and the topic that carries them."""
