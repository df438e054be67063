"""Everything that logcore raises.

* LogcoreError
  + MalformedError       the message is not in the format its source declares
  + PayloadError         the bytes are no transport's envelope
  + ConfigurationError   an option of a source or a rule cannot be used
  + ReferenceDataError   a snapshot or a list that enrichment looks things up in cannot be read
"""


class LogcoreError(Exception):
    """Base of every error that logcore raises on purpose.

    Attributes:
        reason: Short, stable, countable slug, such as ``column_count``.
        detail: A sentence for the person who reads it; names the value and the expectation.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class MalformedError(LogcoreError):
    """The message is not in the format its source declares; the record becomes a reject."""


class PayloadError(LogcoreError):
    """The bytes are no transport's envelope; the whole payload becomes one reject."""


class ConfigurationError(LogcoreError):
    """An option of a source or of the routing, or a rule, cannot be used; nothing can start."""


class ReferenceDataError(LogcoreError):
    """A snapshot or a list cannot be read; whoever has an older one keeps it."""
