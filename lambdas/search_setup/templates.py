"""Index templates, made from the field declarations: what a document may hold is said once.

Reference: https://docs.opensearch.org/latest/im-plugin/index-templates/
"""

from typing import Any

from lambdas.search_setup.settings import Settings
from logcore.fields import mapping, shared_fields, source_fields
from logcore.registry import REJECTS, SOURCES

SHARED = "logs-shared"
"""Component template with everything that every dataset may hold."""

MOST_FIELDS = 400
"""``index.mapping.total_fields.limit``: what is declared, with room; OpenSearch's own is 1,000."""

SLOW = "5s"
"""What takes longer is written to the domain's slow logs."""

PRIORITY = 200  # above the templates that plugins bring for ``logs-*``


def datasets() -> tuple[str, ...]:
    """Every dataset that has indices, rejects included."""
    return (*(source.dataset for source in SOURCES), REJECTS)


def shared_template(settings: Settings) -> dict[str, Any]:
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
    """Per dataset the ``properties`` that its source adds to the shared ones."""
    by_dataset = {s.dataset: mapping(source_fields(s.name)) for s in SOURCES}
    return {**by_dataset, REJECTS: {}}


def dataset_template(dataset: str) -> dict[str, Any]:
    """The index template of one dataset."""
    return {
        "index_patterns": [f"logs-{dataset}-*"],
        "composed_of": [SHARED],
        "priority": PRIORITY,
        "template": {"mappings": {"properties": own_mappings()[dataset]}},
        "_meta": {"managed_by": "central-logs", "dataset": dataset},
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
