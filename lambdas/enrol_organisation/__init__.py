"""Switches services on for the organisation where CloudFormation cannot: a custom resource."""
