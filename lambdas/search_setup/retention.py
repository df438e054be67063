"""Index State Management: how long each dataset stays, and where.

Reference: https://docs.opensearch.org/latest/im-plugin/ism/policies/
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from lambdas.search_setup.settings import Settings

STAGES = ("warm", "cold", "delete")
"""In the order in which an index passes them; the first stage is always ``hot``."""

_ACTIONS: dict[str, list[dict[str, Any]]] = {
    "hot": [],
    "warm": [{"warm_migration": {}}],
    "cold": [{"cold_migration": {"timestamp_field": "@timestamp"}}],
    "delete": [{"delete": {}}],
}
_COLD_DELETE: list[dict[str, Any]] = [
    {"cold_delete": {}}
]  # an index in cold storage knows no other way out


def policy_name(home: str) -> str:
    """The policy's id: ``logs-aws.cloudtrail``."""
    return f"logs-{home}"


def policy(home: str, settings: Settings) -> dict[str, Any]:
    """The policy of one dataset's indices, or of those that datasets share.

    Each stage begins at an age counted from the index's creation.
    """
    days = settings.retention_days.get(home, settings.retention_days["*"])
    stages = ["hot", *(stage for stage in STAGES if days.get(stage))]
    onward = dict(pairwise(stages))
    states = [
        {
            "name": stage,
            "actions": _COLD_DELETE if stage == "delete" and "cold" in stages else _ACTIONS[stage],
            "transitions": [_after(onward[stage], days)] if stage in onward else [],
        }
        for stage in stages
    ]
    return {
        "policy": {
            "description": f"Retention of {home}, managed by central-logs.",
            "default_state": "hot",
            "states": states,
            "ism_template": [{"index_patterns": [f"logs-{home}-*"], "priority": 200}],
        }
    }


def _after(stage: str, days: Mapping[str, int]) -> dict[str, Any]:
    return {"state_name": stage, "conditions": {"min_index_age": f"{days[stage]}d"}}
