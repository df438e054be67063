"""Refuses regular expressions that some text could keep busy for minutes.

Python's engine backtracks. What a search costs at one place of a text is bounded by the ways in
which the expression can match there and by how much it can match; both are counted here from the
expression's text, and repeats without an end are refused. A search then takes linear time.
"""

import re
from dataclasses import dataclass, field

from logcore.rules.errors import refused

LONGEST = 200  # characters of an expression
MOST_WAYS = 512  # 1 MB, the longest log event, of the most hostile text takes seconds, not hours
WIDEST = 512  # characters that may match

_TOKEN = re.compile(
    r"(?P<reference>\\[1-9])"
    r"|(?P<atom>\\.|\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<flags>\(\?[ai]+\))"
    r"|(?P<open>\((?:\?(?:[ai]*:|P<\w+>|=|!|<=|<!))?(?!\?))"
    r"|(?P<close>\))"
    r"|(?P<bar>\|)"
    r"|(?P<endless>[*+]|\{\d*,\})"
    r"|(?P<repeat>\{(?P<exact>\d+)\}\??|\{(?P<low>\d*),(?P<high>\d+)\}\??|\?\??)"
    r"|(?P<unknown>\(\?)"
    r"|(?P<character>.)",
    re.DOTALL,
)


@dataclass(slots=True)
class _Size:
    """How many ways there are to match, and how many characters the longest of them takes."""

    ways: int = 1
    width: int = 0

    def then(self, other: "_Size") -> "_Size":
        return _Size(self.ways * other.ways, self.width + other.width)


@dataclass(slots=True)
class _Group:
    branches: list[_Size] = field(default_factory=list)
    before: _Size = field(default_factory=_Size)
    last: _Size = field(default_factory=_Size)

    def add(self, size: _Size) -> None:
        self.before, self.last = self.before.then(self.last), size

    def end_branch(self) -> None:
        self.branches.append(self.before.then(self.last))
        self.before, self.last = _Size(), _Size()

    def size(self) -> _Size:
        self.end_branch()
        return _Size(sum(b.ways for b in self.branches), max(b.width for b in self.branches))


def bounded(expression: object) -> re.Pattern[str]:
    """The compiled expression.

    Raises:
        ConfigurationError: it does not compile, is too long, matches nothing, has more than one
            group, or could take more than linear time; says which.
    """
    if not isinstance(expression, str) or not 0 < len(expression) <= LONGEST:
        raise refused(f"regexes: expected 1 to {LONGEST} characters, found {expression!r}")
    try:
        compiled = re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise refused(f"regexes: {expression!r} is no regular expression: {error}") from error
    if compiled.groups > 1:
        raise refused(f"regexes: {expression!r}: expected one group at most: what is redacted")
    size = _size(expression)
    if size.ways > MOST_WAYS or size.width > WIDEST:
        raise refused(
            f"regexes: {expression!r} could match in {min(size.ways, 10**6)} ways or more and "
            f"{min(size.width, 10**6)} characters at one place, expected {MOST_WAYS} and {WIDEST} "
            "at most; narrow its repeats"
        )
    if compiled.search(""):
        raise refused(f"regexes: {expression!r} matches empty text")
    return compiled


def _size(expression: str) -> _Size:
    stack = [_Group()]
    for token in _TOKEN.finditer(expression):
        match token.lastgroup:
            case "open":
                stack.append(_Group())
            case "close":
                inner = stack.pop().size()
                stack[-1].add(inner)
            case "bar":
                stack[-1].end_branch()
            case "repeat":
                stack[-1].last = _repeated(stack[-1].last, *_bounds(token), expression)
            case "endless" | "unknown" | "reference":
                raise refused(
                    f"regexes: {expression!r}: found {token[0]!r}, expected repeats with an end "
                    "such as {1,64}, groups ( or (?: and no references"
                )
            case "atom" | "character":
                stack[-1].add(_Size(1, 1))
    return stack[0].size()


def _bounds(token: re.Match[str]) -> tuple[int, int]:
    if token[0].startswith("?"):
        return 0, 1
    if token["exact"]:
        return int(token["exact"]), int(token["exact"])
    return int(token["low"] or 0), int(token["high"])


def _repeated(size: _Size, low: int, high: int, expression: str) -> _Size:
    if high > WIDEST:
        raise refused(f"regexes: {expression!r}: a repeat of {high}, expected {WIDEST} at most")
    return _Size(size.ways**high * (high - low + 1), size.width * high)
