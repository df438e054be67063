"""Where the domain and the functions are, when they are in a VPC."""
