"""Takes text apart into its lines."""

from collections.abc import Iterator

from logcore.objects.content import Content
from logcore.objects.piece import KEPT, LARGEST_RECORD, Piece, Unread


def lines(content: Content) -> Iterator[Piece | Unread]:
    """The lines in order, ended by LF or CRLF, the last one perhaps by nothing; none is empty.

    A line longer than a record may be is left unread, and the next one follows. Where the object
    ends early, the line that was cut is left unread.
    """
    at, rest, too_long = 0, b"", False
    for chunk in content:
        *whole, tail = chunk.split(b"\n")
        for line in whole:
            if too_long:
                too_long = False
                at += len(line) + 1
            else:
                found = rest + line
                yield from _line(at, found)
                at += len(found) + 1
            rest = b""
        if too_long:
            at += len(tail)
            continue
        rest += tail
        if len(rest) > LARGEST_RECORD:
            yield _too_long(at, rest)
            at, rest, too_long = at + len(rest), b"", True
    if content.fault:
        yield Unread(at, rest[:KEPT], content.fault.reason, content.fault.detail)
    else:
        yield from _line(at, rest)


def _line(at: int, text: bytes) -> Iterator[Piece | Unread]:
    bare = text.removesuffix(b"\r")
    if len(bare) > LARGEST_RECORD:
        yield _too_long(at, bare)
    elif bare:
        yield Piece(at, bare)


def _too_long(at: int, text: bytes) -> Unread:
    detail = f"at byte {at}: a line of more than {LARGEST_RECORD} bytes"
    return Unread(at, text[:KEPT], "record_too_large", detail)
