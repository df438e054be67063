"""Takes JSON apart into its records: whole values, or the items of the list that a file is.

References:
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
    - https://docs.aws.amazon.com/config/latest/developerguide/view-delivery-channel.html
"""

from collections.abc import Iterator

from logcore.errors import PayloadError
from logcore.objects.content import Content
from logcore.objects.json_text import JsonText
from logcore.objects.piece import KEPT, Piece, Unread

LISTS = frozenset({b"Records", b"configurationItems"})
"""Names under which a file lists its records: CloudTrail's, and AWS Config's."""


def values(content: Content) -> Iterator[Piece | Unread]:
    """The records of JSON text, in order, each with the bytes it was written with.

    The text is one object after the other, with or without blanks between them, or one list. An
    object that holds a list of records stands for these, and everything else in it is their
    envelope, which is left out; any other object is a record. After the first byte that cannot be
    understood there is one ``Unread``, and the rest of the text is not looked at.
    """
    text = JsonText(content)
    try:
        while text.peek():
            text.mark()
            yield from _value(text)
            text.mark()
    except PayloadError as error:
        at, kept = text.marked, text.kept(KEPT)
        why = content.fault if content.fault and error.reason == "object_cut" else error
        yield Unread(at, kept, why.reason, why.detail)
    else:
        if content.fault:
            yield Unread(text.at, b"", content.fault.reason, content.fault.detail)


def holds_values(head: bytes) -> bool:
    """Whether text that begins so is JSON to be taken apart, rather than lines.

    One object per line is lines, because then a broken one costs no other.
    """
    begun = head.lstrip(b" \t\r\n")
    if begun.startswith(b"["):
        return begun[1:].lstrip(b" \t\r\n").startswith(b"{")
    if not begun.startswith(b"{"):
        return False
    return _lists_records(begun) or _goes_beyond_its_line(begun)


def _value(text: JsonText) -> Iterator[Piece]:
    """The records of the next value."""
    first = text.peek()
    if first == b"[":
        yield from _items(text)
    elif first == b"{":
        yield from _object(text)
    else:
        raise text.malformed("{ or [")


def _object(text: JsonText) -> Iterator[Piece]:
    start, is_envelope = text.at, False
    for _ in text.each(b"}"):
        name = text.key()
        if name in LISTS and text.peek() == b"[":
            is_envelope = True
            yield from _items(text)
        else:
            text.value()
        if is_envelope:
            text.mark()
    if not is_envelope:
        yield Piece(start, text.since_mark())


def _items(text: JsonText) -> Iterator[Piece]:
    for _ in text.each(b"]"):
        text.mark()
        start = text.at
        text.value()
        yield Piece(start, text.since_mark())
        text.mark()


def _lists_records(head: bytes) -> bool:
    """Whether the object that begins here names a list of records, as far as it is known."""
    text = JsonText((head,))
    try:
        for _ in text.each(b"}"):
            if text.key() in LISTS and text.peek() == b"[":
                return True
            text.value()
    except PayloadError:
        pass  # the head ends before the object does
    return False


def _goes_beyond_its_line(head: bytes) -> bool:
    """Whether the first object spans several lines, or shares its line with a second one."""
    text = JsonText((head,))
    try:
        text.value()
    except PayloadError:
        first_line = head.partition(b"\n")[0].rstrip()
        return first_line != head.rstrip() and first_line.endswith((b"{", b"[", b","))
    whole = head[: text.at]
    return b"\n" in whole or head[text.at :].lstrip(b" \t\r").startswith(b"{")
