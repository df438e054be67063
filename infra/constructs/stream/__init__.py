"""From the stream to documents: the archive, the normalise function, the event hub."""
