"""Index templates, made from the field declarations: what a document may hold is said once.

Reference: https://docs.opensearch.org/latest/im-plugin/index-templates/
"""

from typing import Any

from lambdas.search_setup.settings import Settings
from logcore.fields import mapping, shared_fields, source_fields
from logcore.registry import REJECTS, SOURCES
from logcore.source import SHARED_HOME

BASE = "logs-base"
"""Component template with everything that every dataset may hold."""

MOST_FIELDS = 500
"""``index.mapping.total_fields.limit``: what is declared, with room; OpenSearch's own is 1,000."""

SLOW = "5s"
"""What takes longer is written to the domain's slow logs."""

MOST_SHARED_FIELDS = 1_500
"""The same for the shared index, which maps what any dataset declares: 500, and 25 for each of 40
datasets. It is not mapped by what happens to share it today, so that a dataset can come or go."""

PRIORITY = 200  # above the templates that plugins bring for ``logs-*``


def datasets() -> tuple[str, ...]:
    """Every dataset that has indices, rejects included."""
    return (*(source.dataset for source in SOURCES), REJECTS)


def homes() -> tuple[str, ...]:
    """What indices are named after: every dataset, and the home that they may share."""
    return (*datasets(), SHARED_HOME)


def base_template(settings: Settings) -> dict[str, Any]:
    """The component template: settings and shared fields; what is not declared is not indexed."""
    return {
        "template": {
            "settings": {
                "number_of_shards": settings.shards,
                "number_of_replicas": settings.replicas,
                "index.mapping.total_fields.limit": MOST_FIELDS,
                "index.mapping.ignore_malformed": True,
                "index.search.slowlog.threshold.query.warn": SLOW,
                "index.indexing.slowlog.threshold.index.warn": SLOW,
                "index.query.default_field": ["message", "event.action", "error.message"],
            },
            "mappings": {"dynamic": False, "properties": mapping(shared_fields())},
        },
        "_meta": {"managed_by": "central-logs"},
    }


def own_mappings() -> dict[str, dict[str, Any]]:
    """Per home the ``properties`` that it adds to those of every dataset."""
    by_dataset = {s.dataset: mapping(source_fields(s.name)) for s in SOURCES}
    together = mapping(tuple(field for s in SOURCES for field in source_fields(s.name)))
    return {**by_dataset, REJECTS: {}, SHARED_HOME: together}


def index_template(home: str) -> dict[str, Any]:
    """The index template of one dataset's own indices, or of those that datasets share."""
    limit = {"index.mapping.total_fields.limit": MOST_SHARED_FIELDS}
    return {
        "index_patterns": [f"logs-{home}-*"],
        "composed_of": [BASE],
        "priority": PRIORITY,
        "template": {
            "settings": limit if home == SHARED_HOME else {},
            "mappings": {"properties": own_mappings()[home]},
        },
        "_meta": {"managed_by": "central-logs", "dataset": home},
    }


def inbox(settings: Settings) -> dict[str, Any]:
    """The index that sinks write to. No document stays there: its pipeline sends each one home."""
    return {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": settings.replicas,
            "default_pipeline": settings.index,
        },
        "mappings": {"dynamic": False},
    }
