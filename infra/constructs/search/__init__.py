"""The OpenSearch domain, what it is set up with, and the way into it."""
