"""Invocations of functions: Lambda's own lines, around those of the handler where it has some.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from local.story import application
from local.story.clock import Clock
from local.story.entry import LogLine, Place
from local.story.identity import uuid

SAYINGS = 4  # lines that the checkout's handler writes in one invocation
COLD = 16  # of so many invocations the first waits for a new environment
TIMEOUT_MS = 3_000
TIMEOUT = "\tStatus: timeout"
_SEGMENT = "0123456789abcdef"


class Function(NamedTuple):
    """A function; ``endings`` say by an invocation's number how it goes wrong."""

    name: str
    runtime: str
    memory_mb: int
    endings: dict[int, str]


CHECKOUT = Function(
    name="checkout",
    runtime="python:3.13.v71",
    memory_mb=512,
    endings={21: TIMEOUT, 34: "\tStatus: error\tError Type: Runtime.ExitError"},
)
OTHERS = (
    (12, Function("stock", "nodejs:22.v41", 256, {7: TIMEOUT})),
    (
        8,
        Function(
            "thumbnails",
            "python:3.12.v88",
            1_024,
            {5: "\tStatus: error\tError Type: Runtime.OutOfMemory"},
        ),
    ),
)
"""Functions that say nothing themselves, with how often each runs a place and day."""


def invocations(
    chance: random.Random, place: Place, clock: Clock, number: int
) -> Iterator[LogLine]:
    """So many of the checkout, each with its handler's lines between Lambda's own; and others."""
    for times, function in ((number, CHECKOUT), *OTHERS):
        for count in range(times):
            begin_ms = clock.busy_moment(chance) - TIMEOUT_MS
            yield from _invocation(chance, place, begin_ms, function, count)


def _invocation(
    chance: random.Random, place: Place, begin_ms: int, function: Function, count: int
) -> Iterator[LogLine]:
    """Between a start and an end of what takes three seconds at most."""
    request, ending = uuid(chance), function.endings.get(count, "")
    spent_ms = min(chance.lognormvariate(5, 0.8), TIMEOUT_MS - 1) if not ending else TIMEOUT_MS
    end_ms = begin_ms + int(spent_ms)
    init = f"\tInit Duration: {chance.uniform(180, 900):.2f} ms" if count % COLD == 0 else ""
    share = 0.99 if ending else chance.uniform(0.2, 0.6)
    trace = f"1-{begin_ms // 1000:08x}-{chance.getrandbits(96):024x}"
    if init:
        runtime = f"arn:aws:lambda:{place.region}::runtime:{'0a' * 32}"
        text = f"INIT_START Runtime Version: {function.runtime}\tRuntime Version ARN: {runtime}"
        yield _line(place, function, begin_ms, text)
    yield _line(place, function, begin_ms, f"START RequestId: {request} Version: $LATEST")
    for number in range(SAYINGS if function is CHECKOUT else 0):
        moment_ms = begin_ms + int(spent_ms) * number // SAYINGS
        yield application.structured(chance, place, moment_ms, request)
    yield _line(place, function, end_ms, f"END RequestId: {request}")
    yield _line(
        place,
        function,
        end_ms,
        f"REPORT RequestId: {request}\tDuration: {spent_ms:.2f} ms\t"
        f"Billed Duration: {int(spent_ms) + 1} ms\tMemory Size: {function.memory_mb} MB\t"
        f"Max Memory Used: {int(function.memory_mb * share)} MB{init}{ending}\t"
        f"XRAY TraceId: {trace}\tSegmentId: {_SEGMENT}\tSampled: true",
    )


def _line(place: Place, function: Function, time_ms: int, text: str) -> LogLine:
    """A line in the group of its function, of the checkout among those of its handler."""
    return LogLine(
        place=place,
        group=f"/aws/lambda/{function.name}",
        stream=application.STREAM,
        time_ms=time_ms,
        message=text,
        dataset="aws.lambda_logs",
    )
