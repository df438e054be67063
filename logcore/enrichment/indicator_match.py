"""Says which values of a document are on a list of known bad ones, as ``threat.enrichments``.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-threat
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from logcore.enrichment.document import at, room
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
            {
                "indicator": {**indicator.told, "name": indicator.name, "type": indicator.type},
                "matched": {"atomic": value, "field": field, "type": "indicator_match_rule"},
            }
            for (kind, value), field in _values(document).items()
            for indicator in self._found(kind, value)
        ]
        threat = room(document, "threat") if matches else None
        if threat is None or "enrichments" in threat:
            return False
        threat["enrichments"] = matches[:MOST_MATCHES]
        return True

    def _find(self, kind: Kind, value: str) -> tuple[Indicator, ...]:
        asked = (indicators.find(kind, value) for indicators in self._lists)
        return tuple(found for found in asked if found)


def _values(document: Document) -> dict[tuple[Kind, str], str]:
    """The first field by kind and value of everything that is compared."""
    found: dict[tuple[Kind, str], str] = {}
    for kind, field, path in PATHS:
        for value in _texts(at(document, *path)):
            found.setdefault((kind, value), field)
    return found


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, str) and item:
            yield item
