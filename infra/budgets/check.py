"""Measures templates before anything is deployed.

CloudFormation would find out half an hour into a deployment, and take everything back.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from infra.budgets.limits import (
    BUDGETS,
    LARGEST_TEMPLATE,
    MOST_RESOURCES,
    SHARED,
    TEMPLATES,
    Budget,
)
from infra.errors import BudgetError
from infra.permissions import listed
from infra.references import flat

type Template = Mapping[str, Any]
"""What CloudFormation gets: ``{"Resources": {...}}``."""

type Resource = Mapping[str, Any]
"""One of them: ``{"Type": ..., "Properties": ...}``."""


def check_budgets(templates: Mapping[str, Template]) -> None:
    """Measure every template of the app.

    Args:
        templates: By name of their stack.

    Raises:
        BudgetError: something is larger than AWS takes; every one is named with both numbers.
    """
    found = [f"{stack}: {line}" for stack, body in templates.items() for line in over_budget(body)]
    if found:
        raise BudgetError("\n".join(["larger than AWS takes:", *found]))


def over_budget(template: Template) -> Iterator[str]:
    """What of a template is over a budget, in words."""
    resources = template.get("Resources", {})
    for logical_id, resource in resources.items():
        yield from _over(logical_id, resource)
    for budget, of_whom in SHARED:
        for holder, size in _shared(resources, budget, of_whom).items():
            if size > budget.most:
                yield _said(holder, size, budget)
    if len(resources) > MOST_RESOURCES:
        yield f"{len(resources)} resources, AWS takes {MOST_RESOURCES} ({TEMPLATES})"
    size = len(json.dumps(template, separators=(",", ":")).encode())
    if size > LARGEST_TEMPLATE:
        yield f"{size} bytes, AWS takes {LARGEST_TEMPLATE} ({TEMPLATES})"


def _over(logical_id: str, resource: Resource) -> Iterator[str]:
    for budget in BUDGETS:
        if budget.kind != resource["Type"]:
            continue
        size = budget.measure(resource.get("Properties", {}))
        if size > budget.most:
            yield _said(logical_id, size, budget)


def _shared(resources: Mapping[str, Resource], budget: Budget, of_whom: str) -> Counter[str]:
    """What resources take of a budget together, by whose it is."""
    found: Counter[str] = Counter()
    for resource in resources.values():
        if resource["Type"] == budget.kind:
            for holder in listed(resource["Properties"][of_whom]):
                found[flat(holder)] += budget.measure(resource["Properties"])
    return found


def _said(holder: str, size: int, budget: Budget) -> str:
    return (
        f"{holder}: {budget.what}: {size} {budget.unit}, AWS takes {budget.most} ({budget.source})"
    )
