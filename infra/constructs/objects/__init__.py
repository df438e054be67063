"""Log files in S3: who announces them, who reads them."""
