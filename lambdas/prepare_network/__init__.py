"""The function that does for a network what CloudFormation cannot."""
