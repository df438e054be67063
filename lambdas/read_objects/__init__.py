"""Turns the S3 objects that messages announce into documents: SQS in, sink out."""
