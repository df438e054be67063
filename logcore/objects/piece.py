"""What an object is taken apart into: the text of one record, or what could not be read."""

from typing import Final, NamedTuple

LARGEST_RECORD: Final = 16 * 1_048_576
"""Bytes of one record; a longer one is not held in memory. CloudTrail's are below 1 MiB, an item of
Config is a few: https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html"""

KEPT: Final = 65_536  # bytes of what cannot be read that its reject shows; the object has the rest


class Piece(NamedTuple):
    """One record.

    Attributes:
        at: Byte of the unpacked object where it begins.
        text: The record as it was written, without its line end.
    """

    at: int
    text: bytes


class Unread(NamedTuple):
    """A part of the object that is no record, and why.

    Attributes:
        at: Byte of the unpacked object where it begins.
        text: Its beginning.
        reason: Countable slug.
        detail: A sentence that names the byte, the value and the expectation.
    """

    at: int
    text: bytes
    reason: str
    detail: str
