"""Pure log normalisation: payloads in, ECS documents out. No AWS, no network, no clock."""
