"""The ingest pipeline of the inbox: identity first, then the way home.

``_id`` becomes ``event.id``, so the same event is the same document however often it is sent. The
index follows from the dataset and the event's own day, so a late event and a replay months later
find the index that already holds them.

Reference: https://docs.opensearch.org/latest/ingest-pipelines/processors/date-index-name/
"""

from typing import Any

from lambdas.search_setup.settings import Settings
from lambdas.search_setup.templates import datasets

_ROUNDING = {"day": ("d", "yyyy.MM.dd"), "month": ("M", "yyyy.MM")}


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
            {"set": {"field": "_id", "value": "{{{event.id}}}"}},
            {"set": {"field": "event.ingested", "value": "{{{_ingest.timestamp}}}"}},
            *(_route(period, settings) for period in _ROUNDING if _of_period(period, settings)),
        ],
    }


def period_of(dataset: str, settings: Settings) -> str:
    """``day`` or ``month``: how much time one index of the dataset spans."""
    return settings.periods.get(dataset, settings.periods["*"])


def _of_period(period: str, settings: Settings) -> list[str]:
    return [dataset for dataset in datasets() if period_of(dataset, settings) == period]


def _route(period: str, settings: Settings) -> dict[str, Any]:
    rounding, name_format = _ROUNDING[period]
    return {
        "date_index_name": {
            "if": _one_of(tuple(_of_period(period, settings))),
            "field": "@timestamp",
            "date_formats": ["ISO8601"],
            "date_rounding": rounding,
            "index_name_format": name_format,
            "index_name_prefix": "logs-{{{event.dataset}}}-",
        }
    }


def _one_of(names: tuple[str, ...]) -> str:
    """Painless: whether the document's dataset is one of the names."""
    listed = ", ".join(f"'{name}'" for name in names)
    return f"[{listed}].contains(ctx.event?.dataset)"
