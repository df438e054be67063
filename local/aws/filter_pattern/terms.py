"""Patterns of terms: ``ERROR "exit 1" -retried``, ``?ERROR ?WARN``, ``%4[0-9]{2}%``."""

import re
from collections.abc import Callable

from local.aws.filter_pattern.tokens import check_regex

_TERM = re.compile(
    r'\s*(?P<sign>[-?]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<word>\S+))'
)
_WORD = re.compile(r"\w+", re.ASCII)


def compile_terms(pattern: str) -> Callable[[str], bool]:
    """Give the predicate: all plain terms, none with ``-``; if all terms have ``?``, any of them.

    A bare word must stand alone in the message, a quoted phrase may be part of a longer word. Terms
    with ``?`` beside others are ignored, as CloudWatch Logs does.

    Raises:
        ValueError: a bare term has other characters than letters, digits and ``_``.
    """
    signed: dict[str, list[re.Pattern[str]]] = {"": [], "-": [], "?": []}
    for found in _TERM.finditer(pattern):
        signed[found["sign"]].append(_expression(found))
    wanted, unwanted, optional = signed[""], signed["-"], signed["?"]
    if optional and not wanted and not unwanted:
        return lambda message: any(term.search(message) for term in optional)
    return lambda message: (
        all(term.search(message) for term in wanted)
        and not any(term.search(message) for term in unwanted)
    )


def _expression(found: re.Match[str]) -> re.Pattern[str]:
    if found["quoted"] is not None:
        return re.compile(re.escape(re.sub(r"\\(.)", r"\1", found["quoted"])))
    if found["regex"] is not None:
        check_regex(found["regex"])
        return re.compile(found["regex"])
    if not _WORD.fullmatch(found["word"]):
        raise ValueError(f"invalid character(s) in term {found['word']!r}: quote it")
    return re.compile(rf"(?<!\w){found['word']}(?!\w)")
