"""Cut the inside of a JSON or column pattern into tokens."""

import re
from dataclasses import dataclass
from typing import Literal

MAX_REGEXES = 2  # in one JSON or column pattern

type Kind = Literal["operator", "selector", "quoted", "regex", "word"]
"""What a token is; ``word`` is a bare value, a column name, ``...`` or a keyword such as ``IS``."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<operator> && | \|\| | != | <= | >= | [=<>(),] )
      | (?P<selector> \$ (?: \.[\w\-*]+ | \.?\[(?: \d+ | \* | '[^']*' | "[^"]*" )\] )+ )
      | "(?P<quoted> (?: [^"\\] | \\. )* )"
      | %(?P<regex> [^%]+ )%
      | (?P<word> [^\s(){}\[\]=<>!&|"%,$]+ )
    )""",
    re.VERBOSE,
)
_REGEX_ALPHABET = re.compile(r"[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+.]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is without the quotes or percent signs around it."""

    kind: Kind
    text: str


def tokenise(text: str) -> list[Token]:
    """Give the tokens of ``text`` in order.

    Raises:
        ValueError: something is no token, or the pattern has more than two regular expressions.
    """
    tokens: list[Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"invalid filter pattern near {text[position:].strip()[:20]!r}")
        tokens.append(_token(found))
        position = found.end()
    if sum(token.kind == "regex" for token in tokens) > MAX_REGEXES:
        raise ValueError(f"more than {MAX_REGEXES} regular expressions in {text.strip()!r}")
    return tokens


def _token(found: re.Match[str]) -> Token:
    for kind in ("operator", "selector", "word"):
        if found[kind] is not None:
            return Token(kind, found[kind])
    if found["quoted"] is not None:
        return Token("quoted", re.sub(r"\\(.)", r"\1", found["quoted"]))
    check_regex(found["regex"])
    return Token("regex", found["regex"])


def check_regex(expression: str) -> None:
    """Refuse what CloudWatch Logs' regular expressions lack: groups, ``!``, blanks, other scripts.

    Raises:
        ValueError: a character is not allowed, or the expression is malformed.
    """
    if not _REGEX_ALPHABET.fullmatch(expression):
        raise ValueError(f"regular expression {expression!r} has a character that is not allowed")
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"regular expression {expression!r}: {error}") from error
