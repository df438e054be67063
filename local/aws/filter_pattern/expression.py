"""``a && (b || c)`` over any kind of leaf; ``&&`` binds tighter than ``||``."""

from collections.abc import Callable, Iterator

from local.aws.filter_pattern.tokens import Token

type Predicate[Subject] = Callable[[Subject], bool]
"""Whether a subject, a JSON object or a column's text, satisfies a part of the pattern."""

END = Token("operator", "")


class Reader:
    """Reads tokens one by one and refuses what it does not expect."""

    def __init__(self, tokens: list[Token]) -> None:
        """Start before the first token."""
        self._rest: Iterator[Token] = iter([*tokens, END])
        self.next = next(self._rest)

    def take(self) -> Token:
        """Give the next token and move behind it.

        Raises:
            ValueError: there is none left.
        """
        token = self.next
        if token is END:
            raise ValueError("the filter pattern ends too early")
        self.next = next(self._rest)
        return token

    def skip(self, operator: str) -> bool:
        """Move behind ``operator`` if it comes next, and say whether it did."""
        if self.next != Token("operator", operator):
            return False
        self.take()
        return True


def parse[Subject](
    reader: Reader, leaf: Callable[[Reader], Predicate[Subject]]
) -> Predicate[Subject]:
    """Read the whole expression; ``leaf`` reads one comparison.

    Raises:
        ValueError: the expression is malformed; the message quotes where.
    """
    whole = _either(reader, leaf)
    if reader.next is not END:
        raise ValueError(f"unexpected {reader.next.text!r} in the filter pattern")
    return whole


def _either[Subject](
    reader: Reader, leaf: Callable[[Reader], Predicate[Subject]]
) -> Predicate[Subject]:
    parts = [_both(reader, leaf)]
    while reader.skip("||"):
        parts.append(_both(reader, leaf))
    return lambda subject: any(part(subject) for part in parts)


def _both[Subject](
    reader: Reader, leaf: Callable[[Reader], Predicate[Subject]]
) -> Predicate[Subject]:
    parts = [_atom(reader, leaf)]
    while reader.skip("&&"):
        parts.append(_atom(reader, leaf))
    return lambda subject: all(part(subject) for part in parts)


def _atom[Subject](
    reader: Reader, leaf: Callable[[Reader], Predicate[Subject]]
) -> Predicate[Subject]:
    if not reader.skip("("):
        return leaf(reader)
    inner = _either(reader, leaf)
    if not reader.skip(")"):
        raise ValueError(f"expected ')' before {reader.next.text!r} in the filter pattern")
    return inner
