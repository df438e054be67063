"""Keeps a share of events, decided by their identity alone.

A retry, a replay or a second path decides the same way; a higher rate keeps what a lower one kept.
"""

from hashlib import blake2b

_RANGE = 1 << 64


def is_kept(event_id: str, rate: float) -> bool:
    """Whether the event is in the share; of many events a share of ``rate`` is."""
    digest = blake2b(event_id.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) < rate * _RANGE
