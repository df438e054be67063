"""The way of an event, stop by stop: what holds it up at each."""
