"""Takes an S3 object apart into records, one by one and in constant memory, whatever its size."""
