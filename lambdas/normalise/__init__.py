"""Turns what is on the stream into documents: Kinesis in, sink out."""
