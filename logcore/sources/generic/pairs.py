"""Lines of ``key=value`` pairs, as logfmt has them.

Reference: https://pkg.go.dev/github.com/kr/logfmt
"""

import re
from typing import Any

_PAIR = re.compile(r'([A-Za-z_@][\w.@-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|\Z)')
_ESCAPED = re.compile(r"\\(.)")


def begins_with_pair(line: str) -> bool:
    """Whether a line may be one of pairs."""
    return "=" in line and _PAIR.match(line.lstrip()) is not None


def pairs_of(text: str) -> dict[str, Any] | None:
    """The pairs of a line that is nothing but two or more of them, without blanks around it."""
    pairs: dict[str, Any] = {}
    position = 0
    while match := _PAIR.match(text, position):
        key, quoted, bare = match.groups()
        pairs[key] = bare if quoted is None else _ESCAPED.sub(r"\1", quoted)
        position = match.end()
    return pairs if position == len(text) and len(pairs) > 1 else None
