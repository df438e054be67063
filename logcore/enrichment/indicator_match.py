"""Says which values of a document are on a list of known bad ones, as ``threat.enrichments``.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-threat
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from logcore.enrichment.indicators import Indicator, Indicators, Kind
from logcore.record import Document, Origin

DIFFERENT = 65_536  # values that are remembered
MOST_MATCHES = 20  # of one document; more tell nobody more

MATCHED: dict[Kind, tuple[str, ...]] = {
    "address": ("related.ip",),
    "domain": ("related.hosts", "dns.question.name", "url.domain"),
    "hash": ("related.hash",),
}
"""Which fields are compared with which kind of indicator."""

PATHS = [(kind, name, name.split(".")) for kind, names in MATCHED.items() for name in names]

type Match = tuple[str, str, Indicator]
"""Value, field and what is known of the value."""


class MatchIndicators:
    """Adds a match for each value of a document that a list knows; without lists, nothing."""

    def __init__(self) -> None:
        self._lists: tuple[Indicators, ...] = ()
        self._found = lru_cache(maxsize=DIFFERENT)(self._find)

    def use(self, lists: Sequence[Indicators]) -> None:
        """Ask these from now on."""
        self._lists = tuple(lists)
        self._found.cache_clear()

    def __call__(self, document: Document, _origin: Origin) -> bool:
        """Match one document; a value that is in several fields is matched in the first."""
        if not self._lists:
            return False
        matches = [
            (value, field, indicator)
            for kind, field, path in PATHS
            for value in _texts(document, path)
            for indicator in self._found(kind, value)
        ]
        threat = document.setdefault("threat", {}) if matches else None
        if not isinstance(threat, dict) or "enrichments" in threat:
            return False
        threat["enrichments"] = [_enrichment(match) for match in _once(matches)][:MOST_MATCHES]
        return True

    def _find(self, kind: Kind, value: str) -> tuple[Indicator, ...]:
        asked = (indicators.find(kind, value) for indicators in self._lists)
        return tuple(found for found in asked if found)


def _texts(document: Document, path: list[str]) -> Sequence[str]:
    """Every text at a path, which may hold one or a list."""
    value: Any = document
    for key in path:
        value = value.get(key) if value.__class__ is dict else None
    if value.__class__ is list:
        return [item for item in value if item.__class__ is str and item]
    return (value,) if value.__class__ is str and value else ()


def _once(matches: list[Match]) -> Iterator[Match]:
    """A value that several fields hold is told of the first of them."""
    first: dict[str, str] = {}
    return (match for match in matches if first.setdefault(match[0], match[1]) == match[1])


def _enrichment(match: Match) -> dict[str, Any]:
    value, field, indicator = match
    return {
        "indicator": {**indicator.told, "name": indicator.name, "type": indicator.type},
        "matched": {"atomic": value, "field": field, "type": "indicator_match_rule"},
    }
