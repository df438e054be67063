"""What personal data and secrets look like inside longer text.

Each takes linear time: its repeats are bounded, or begin at a word that cannot repeat.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from logcore.rules.errors import nearest, refused
from logcore.rules.regex_bounds import bounded

_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the digit sum of twice each digit


class Pattern(NamedTuple):
    """One thing to look for.

    Attributes:
        regex: Finds candidates; where it has a group, that part alone is meant.
        is_one: Whether a candidate is one.
        hint: Bytes of JSON in which this is not found hold none; a cheap question first, which may
            say yes too often.
    """

    regex: re.Pattern[str]
    is_one: Callable[[str], bool] = bool
    hint: re.Pattern[bytes] | None = None

    def may_be_in(self, body: bytes) -> bool:
        """Whether some JSON, written without needless escapes, is worth a search."""
        return self.hint is None or self.hint.search(body) is not None

    def replaced(self, text: str, stand_in: Callable[[str], str]) -> str:
        """The text with something else in the place of each one."""
        group = min(self.regex.groups, 1)

        def put(found: re.Match[str]) -> str:
            it = found[group]
            if not it or not self.is_one(it):
                return found[0]
            start, end = found.start(group) - found.start(), found.end(group) - found.start()
            return f"{found[0][:start]}{stand_in(it)}{found[0][end:]}"

        return self.regex.sub(put, text)


def passes_luhn(text: str) -> bool:
    """Whether the digits of a text end in their check digit, as those of a payment card do.

    Reference: https://www.iso.org/standard/70484.html
    """
    digits = [int(c) for c in reversed(text) if c.isdecimal()]
    total = sum(_LUHN_DOUBLED[d] if place % 2 else d for place, d in enumerate(digits))
    return total % 10 == 0


def _is_mixed(text: str) -> bool:
    """Whether upper case, lower case and digits all occur: in keys, not in hashes and words."""
    return any(map(str.isupper, text)) and any(map(str.islower, text)) and _has_digit(text)


def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


NAMED: Final[Mapping[str, Pattern]] = {
    "email": Pattern(
        re.compile(r"[\w.%+-]{1,64}@(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,63}"),
        hint=re.compile(rb"@"),
    ),
    # 13 to 19 digits that begin like a card, in groups or not; times in milliseconds begin with 1
    "card_number": Pattern(
        re.compile(r"(?<![\w.])(?:[3-6][0-9]|2[2-7])(?:[ -]?[0-9]){11,17}(?![\w.]?[0-9])"),
        passes_luhn,
        re.compile(rb"[2-6][0-9][ -]?[0-9](?:[ -]?[0-9]){10}"),
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds-programmatic-access.html
    "aws_secret_key": Pattern(
        re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
        _is_mixed,
        re.compile(rb"[A-Za-z0-9/+]{40}"),
    ),
    # https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    "bearer_token": Pattern(
        re.compile(r"\bbearer(?:\s|%20){1,8}([\w.~+/-]{8,}=*)", re.IGNORECASE),
        hint=re.compile(rb"bearer", re.IGNORECASE),
    ),
}
"""By the names that a rule gives in ``patterns``."""


def patterns_of(rule: Mapping[str, Any]) -> tuple[Pattern, ...]:
    """What a rule looks for, named and of its own.

    Raises:
        ConfigurationError: a name is unknown, or an expression is not bounded.
    """
    named, own = rule.get("patterns", []), rule.get("regexes", [])
    for key, given in (("patterns", named), ("regexes", own)):
        if not isinstance(given, list):
            raise refused(f"{key}: expected a list, found {given!r}")
    for name in named:
        if name not in NAMED:
            near = nearest(str(name), NAMED)
            raise refused(f"patterns: expected some of {', '.join(NAMED)}, found {name!r}{near}")
    return (*(NAMED[name] for name in named), *(Pattern(bounded(regex)) for regex in own))
