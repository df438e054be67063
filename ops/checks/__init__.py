"""What is looked at before a deployment, one module per kind."""
