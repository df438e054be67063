"""Runs an operation through accounts and regions, within its preferences.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html#stackset-ops-options
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.aws.stack_sets import instance_stack
from local.aws.stack_sets.model import Instance, Operation, Place, StackSet

OVER = "Cancelled since failure tolerance has exceeded"


@dataclass(slots=True)
class Region:
    """What goes on in one region.

    Attributes:
        tolerated: How many accounts may fail.
        slots: How many are worked on at once.
        failures: How many have failed.
    """

    tolerated: int
    slots: asyncio.Semaphore
    failures: int = field(default=0)

    @property
    def is_stopped(self) -> bool:
        """Whether more have failed than may."""
        return self.failures > self.tolerated


async def run(stack_set: StackSet, operation: Operation) -> None:
    """Do all of it, after what the StackSet is already doing; never raises, as its status tells."""
    async with stack_set.lock:
        operation.status = "RUNNING"
        regions = _in_order(operation)
        if operation.preferences.get("RegionConcurrencyType") == "PARALLEL":
            ended = await asyncio.gather(*(_region(stack_set, operation, r) for r in regions))
            stopped = any(ended)
        else:
            stopped = await _one_by_one(stack_set, operation, regions)
        operation.status = "FAILED" if stopped else "SUCCEEDED"
        operation.ended = time.time()


async def _one_by_one(stack_set: StackSet, operation: Operation, regions: list[str]) -> bool:
    for number, region in enumerate(regions):
        if await _region(stack_set, operation, region):
            for later in regions[number + 1 :]:
                for place in _places(operation, later):
                    _cancel(stack_set.instances[place], operation)
            return True
    return False


async def _region(stack_set: StackSet, operation: Operation, name: str) -> bool:
    """Do what is in one region; whether more accounts failed than may."""
    places = _places(operation, name)
    region = _limits(operation.preferences, len(places))
    await asyncio.gather(*(_account(stack_set, operation, region, place) for place in places))
    return region.is_stopped


async def _account(stack_set: StackSet, operation: Operation, region: Region, place: Place) -> None:
    instance = stack_set.instances[place]
    async with region.slots:
        if region.is_stopped:
            _cancel(instance, operation)
            return
        instance.operation, instance.detailed = operation.id, "RUNNING"
        instance.reason = await _do(stack_set, operation, instance)
    failed = bool(instance.reason)
    region.failures += failed
    instance.detailed = "FAILED" if failed else "SUCCEEDED"
    operation.results[place] = (instance.detailed, instance.reason)
    if operation.action != "DELETE":
        instance.status = "OUTDATED" if failed else "CURRENT"
    elif failed:
        instance.status = "INOPERABLE"
    else:
        del stack_set.instances[place]


async def _do(stack_set: StackSet, operation: Operation, instance: Instance) -> str:
    if operation.action != "DELETE":
        return await instance_stack.put(stack_set, instance)
    return "" if operation.retain else await instance_stack.remove(instance)


def _cancel(instance: Instance, operation: Operation) -> None:
    instance.operation, instance.detailed, instance.reason = operation.id, "CANCELLED", OVER
    operation.results[instance.place] = ("CANCELLED", OVER)


def _in_order(operation: Operation) -> list[str]:
    """Regions in the preferred order, those that it does not name after it."""
    wanted = list(operation.preferences.get("RegionOrder") or [])
    found = dict.fromkeys(region for _, region in operation.places)
    return sorted(found, key=lambda r: wanted.index(r) if r in wanted else len(wanted))


def _places(operation: Operation, region: str) -> list[Place]:
    return [place for place in operation.places if place[1] == region]


def _limits(preferences: Mapping[str, Any], accounts: int) -> Region:
    """Percentages are rounded down, but at least one account is worked on."""
    tolerated = _number(preferences, "FailureTolerance", accounts, default=0)
    at_once = max(1, _number(preferences, "MaxConcurrent", accounts, default=1))
    if preferences.get("ConcurrencyMode") != "SOFT_FAILURE_TOLERANCE":
        at_once = min(at_once, tolerated + 1)
    return Region(tolerated, asyncio.Semaphore(at_once))


def _number(preferences: Mapping[str, Any], what: str, accounts: int, *, default: int) -> int:
    if f"{what}Percentage" in preferences:
        return accounts * int(preferences[f"{what}Percentage"]) // 100
    return int(preferences.get(f"{what}Count", default))
