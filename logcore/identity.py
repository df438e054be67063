"""The identity of an event: the same event has the same id, however often it comes.

The id becomes the document's ``_id``, so a retry, a replay or a second path overwrites instead of
adding. A source that knows a better identity (CloudTrail's ``eventID``) sets ``event.id`` itself.
"""

from functools import lru_cache
from hashlib import blake2b

from logcore.record import LogRecord

LONGEST_ID = 448
"""Bytes of an id. OpenSearch takes an ``_id`` of 512; in the index that datasets share, the
dataset's name and a colon stand before it:
https://docs.opensearch.org/latest/field-types/metadata-fields/id/"""

_SURELY_SHORT = LONGEST_ID // 4  # characters, of at most four bytes each


def event_id(record: LogRecord) -> str:
    """32 hexadecimal digits for a record whose source names no identity of its own.

    CloudWatch Logs gives each event an id; two equal lines in one stream differ in it and both are
    kept. Account, group, stream and time join it, because the id promises nothing across streams.
    Without an id the message takes its place.

    A record of an object is told apart by its number in it: two equal lines are both kept, and the
    object read again gives the same ids. Another content under the same key gives others.
    """
    origin = record.origin
    if origin.transport == "s3" and record.id:
        return digest(origin.bucket, origin.key, origin.etag, record.id)
    found = begun(
        origin.account,
        origin.log_group or origin.event_source,
        origin.log_stream or origin.detail_type,
    ).copy()
    last = f"{record.time_ms}\0{record.id or record.message}"
    found.update(last.encode("utf-8", "replace"))
    return found.hexdigest()


def by_content(record: LogRecord) -> LogRecord:
    """A log event without the id that CloudWatch Logs gave it, which a copy of it does not have.

    Two equal lines of one stream and millisecond then have one identity.
    """
    return record._replace(id="") if record.origin.transport == "cloudwatch_logs" else record


def digest(*parts: str) -> str:
    """32 hexadecimal digits over the parts, kept apart by a zero byte."""
    joined = "\0".join(parts).encode("utf-8", "replace")
    return blake2b(joined, digest_size=16).hexdigest()


@lru_cache(maxsize=4_096)
def begun(*parts: str) -> blake2b:
    """The digest over parts before the last, to be copied: the same for many records."""
    return blake2b(
        "".join(f"{part}\0" for part in parts).encode("utf-8", "replace"), digest_size=16
    )


def usable(native: object) -> str | None:
    """A source's own id as an ``_id``: a longer one is digested, anything else is ``None``."""
    if not isinstance(native, str) or not native:
        return None
    if len(native) <= _SURELY_SHORT:
        return native
    return native if len(native.encode("utf-8", "replace")) <= LONGEST_ID else digest(native)
