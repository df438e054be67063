"""Prepares OpenSearch: a custom resource that brings everything the pipeline needs there."""
