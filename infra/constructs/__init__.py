"""One promise each; a stack introduces them to each other."""
