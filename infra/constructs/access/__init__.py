"""How people get in: the directory that they sign in with, and the way in an emergency."""
