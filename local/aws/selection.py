"""The language in which CloudWatch selects: ``LogGroupName NOT LIKE '/a%' AND AccountId = '1'``.

AND binds closer than OR; there are no brackets but those of lists.

References:
    - https://docs.aws.amazon.com/OAM/latest/APIReference/API_LogGroupConfiguration.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

type Values = Mapping[str, Collection[str]]
"""What is judged, by key: ``{"OrganizationUnitId": ["ou-ex4m-shop0000", "r-ex4m"]}``."""

type Selects = Callable[[Values], bool]

EVERY_OPERATOR: Final = frozenset({"=", "!=", "IN", "NOT IN", "LIKE", "NOT LIKE"})

_TOKEN = re.compile(r"""\s*('[^']*'|"[^"]*"|!=|=|[()\[\],]|\*|[^\s'"!=()\[\],*]+)""")
_WORDS = frozenset({"AND", "OR", "NOT", "IN", "LIKE"})


def compile_selection(text: str, keys: Collection[str], operators: Collection[str]) -> Selects:
    """Read a selection once, to judge by it often; ``*`` selects everything.

    Args:
        text: The selection.
        keys: The keys that it may name.
        operators: Of ``EVERY_OPERATOR`` those that it may use; ``OR`` always.

    Raises:
        ValueError: it is not written in the language, or uses what it may not.
    """
    if text.strip() == "*":
        return lambda _values: True
    tokens = _tokens(text)
    either = [
        [_test(part, keys, operators) for part in _split(alternative, "AND")]
        for alternative in _split(tokens, "OR")
    ]
    return lambda values: any(all(holds(values) for holds in tests) for tests in either)


def _tokens(text: str) -> list[str]:
    tokens, position = list[str](), 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"{text[position : position + 20]!r} is not understood")
        tokens.append(found[1])
        position = found.end()
    return tokens


def _split(tokens: list[str], word: str) -> Iterator[list[str]]:
    part = list[str]()
    for token in tokens:
        if token == word:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _test(part: list[str], keys: Collection[str], operators: Collection[str]) -> Selects:
    key, *rest = part or [""]
    if key not in keys:
        raise ValueError(f"expected one of {', '.join(sorted(keys))}, found {key!r}")
    operator, given = _operator(rest)
    if operator not in operators:
        raise ValueError(
            f"{key}: expected one of {', '.join(sorted(operators))}, found {operator!r}"
        )
    matches = _matcher(operator.removeprefix("NOT ").replace("!=", "="), given)
    inverted = operator.startswith(("NOT", "!"))
    return lambda values: any(map(matches, values.get(key, ()))) != inverted


def _operator(rest: list[str]) -> tuple[str, list[str]]:
    length = 2 if rest[:1] == ["NOT"] else 1
    return " ".join(rest[:length]), rest[length:]


def _matcher(operator: str, given: list[str]) -> Callable[[str], bool]:
    if operator == "IN":
        wanted = _listed(given)
        return lambda value: value in wanted
    if len(given) != 1:
        raise ValueError(f"expected one value, found {' '.join(given)!r}")
    value = _value(given[0])
    if operator == "LIKE":
        pattern = re.compile(".*".join(map(re.escape, value.split("%"))), re.DOTALL)
        return lambda found: pattern.fullmatch(found) is not None
    return lambda found: found == value


def _listed(given: list[str]) -> frozenset[str]:
    opening, *inner, closing = given if len(given) > 2 else ["", "", ""]  # noqa: PLR2004  a list of one
    if opening + closing not in {"()", "[]"} or any(comma != "," for comma in inner[1::2]):
        raise ValueError(f"expected a list, found {' '.join(given)!r}")
    return frozenset(map(_value, inner[::2]))


def _value(token: str) -> str:
    if token in _WORDS or not token.strip("()[],*=!"):
        raise ValueError(f"expected a value, found {token!r}")
    return token[1:-1] if token[0] in "'\"" else token
