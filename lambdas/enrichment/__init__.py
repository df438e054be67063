"""Brings what enrichers look things up in from S3, and keeps it fresh beside the work."""
