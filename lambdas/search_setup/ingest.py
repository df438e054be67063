"""The ingest pipeline of the inbox: identity first, then the way home.

``_id`` becomes ``event.id``, so the same event is the same document however often it is sent. The
index follows from the dataset and the event's own day, so a late event and a replay months later
find the index that already holds them. Where datasets share an index, the dataset stands before
the id: a rejected record and the event that a mended parser makes of it have one ``event.id``.

Reference: https://docs.opensearch.org/latest/ingest-pipelines/processors/date-index-name/
"""

from typing import Any

from lambdas.search_setup.settings import Settings
from lambdas.search_setup.templates import datasets
from logcore.source import SHARED_HOME

_OWN = "logs-{{{event.dataset}}}-"
_ROUTES = {  # period: (rounding, form of the date, what the index's name begins with)
    "day": ("d", "yyyy.MM.dd", _OWN),
    "month": ("M", "yyyy.MM", _OWN),
    "shared": ("M", "yyyy.MM", f"logs-{SHARED_HOME}-"),
}


def pipeline(settings: Settings) -> dict[str, Any]:
    """The pipeline's definition.

    A document of no known dataset, without an ``event.id`` or with an unreadable ``@timestamp`` is
    refused by name, for that document only.
    """
    return {
        "description": "Gives each document its id and its index.",
        "processors": [
            {
                "fail": {
                    "if": f"!{_one_of(datasets())}",
                    "message": "event.dataset [{{{event.dataset}}}] is not one of this pipeline's",
                }
            },
            {
                "fail": {
                    "if": "!(ctx.event.id instanceof String) || ctx.event.id.isEmpty()",
                    "message": "event.id is missing: the document would have no identity",
                }
            },
            *_identity(_of_period("shared", settings)),
            {"set": {"field": "event.ingested", "value": "{{{_ingest.timestamp}}}"}},
            *(_route(period, settings) for period in _ROUTES if _of_period(period, settings)),
        ],
    }


def period_of(dataset: str, settings: Settings) -> str:
    """``day`` or ``month``: what an index of the dataset spans; ``shared``: it has none."""
    return settings.periods.get(dataset, settings.periods["*"])


def _of_period(period: str, settings: Settings) -> tuple[str, ...]:
    return tuple(dataset for dataset in datasets() if period_of(dataset, settings) == period)


def _identity(sharing: tuple[str, ...]) -> list[dict[str, Any]]:
    """Sets ``_id``, for datasets that share an index with their name before it."""
    own = {"field": "_id", "value": "{{{event.id}}}"}
    shared = {"field": "_id", "value": "{{{event.dataset}}}:{{{event.id}}}"}
    return [{"set": own}, *([{"set": {"if": _one_of(sharing), **shared}}] if sharing else [])]


def _route(period: str, settings: Settings) -> dict[str, Any]:
    rounding, name_format, prefix = _ROUTES[period]
    return {
        "date_index_name": {
            "if": _one_of(_of_period(period, settings)),
            "field": "@timestamp",
            "date_formats": ["ISO8601"],
            "date_rounding": rounding,
            "index_name_format": name_format,
            "index_name_prefix": prefix,
        }
    }


def _one_of(names: tuple[str, ...]) -> str:
    """Painless: whether the document's dataset is one of the names."""
    listed = ", ".join(f"'{name}'" for name in names)
    return f"[{listed}].contains(ctx.event?.dataset)"
