"""Conditions that ask where a stack is: MiniStack's know parameters only, not pseudo parameters.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
"""

from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from local.aws import patching

type Json = dict[str, Any]
"""A template, or its parameters by name: ``{"Size": {"Value": "small"}}``."""


def apply() -> None:
    """Tell conditions account, region and partition, wherever they are evaluated."""
    for module in (changesets, engine, handlers, stacks):
        patching.wrap(module, "_evaluate_conditions", _knowing_the_place)


def _knowing_the_place(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    def evaluate(template: Json, parameters: Json) -> Any:  # noqa: ANN401  same
        return original(template, {**_place(), **parameters})

    return evaluate


def _place() -> Json:
    place = {"AccountId": get_account_id(), "Region": get_region(), "Partition": "aws"}
    return {f"AWS::{name}": {"Value": value} for name, value in place.items()}
