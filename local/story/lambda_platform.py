"""Invocations of the checkout function: Lambda's own lines around those of its handler.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
"""

import random
from collections.abc import Iterator

from local.story import application
from local.story.clock import Clock
from local.story.entry import LogLine, Place
from local.story.identity import uuid

SAYINGS = 4  # lines that the handler writes in one invocation
COLD = 16  # of so many invocations the first waits for a new environment
MEMORY_MB = 512
TIMEOUT_MS = 3_000
_SEGMENT = "0123456789abcdef"
_ENDINGS = {
    21: "\tStatus: timeout",
    34: "\tStatus: error\tError Type: Runtime.ExitError",
}
"""How an invocation goes wrong, by its number in a place; all others go well."""


def invocations(
    chance: random.Random, place: Place, clock: Clock, number: int
) -> Iterator[LogLine]:
    """So many invocations over the day, each with its handler's lines between Lambda's own."""
    for count in range(number):
        begin_ms = clock.busy_moment(chance) - TIMEOUT_MS
        yield from _invocation(chance, place, begin_ms, count)


def _invocation(
    chance: random.Random, place: Place, begin_ms: int, count: int
) -> Iterator[LogLine]:
    """Between a start and an end of what takes three seconds at most."""
    request, ending = uuid(chance), _ENDINGS.get(count, "")
    spent_ms = min(chance.lognormvariate(5, 0.8), TIMEOUT_MS - 1) if not ending else TIMEOUT_MS
    end_ms = begin_ms + int(spent_ms)
    init = f"\tInit Duration: {chance.uniform(180, 900):.2f} ms" if count % COLD == 0 else ""
    used = MEMORY_MB - 4 if ending else chance.randrange(96, 300)
    runtime = f"arn:aws:lambda:{place.region}::runtime:{'0a' * 32}"
    trace = f"1-{begin_ms // 1000:08x}-{chance.getrandbits(96):024x}"
    if init:
        text = f"INIT_START Runtime Version: python:3.13.v71\tRuntime Version ARN: {runtime}"
        yield _line(place, begin_ms, text)
    yield _line(place, begin_ms, f"START RequestId: {request} Version: $LATEST")
    for number in range(SAYINGS):
        moment_ms = begin_ms + int(spent_ms) * number // SAYINGS
        yield application.structured(chance, place, moment_ms, request)
    yield _line(place, end_ms, f"END RequestId: {request}")
    yield _line(
        place,
        end_ms,
        f"REPORT RequestId: {request}\tDuration: {spent_ms:.2f} ms\t"
        f"Billed Duration: {int(spent_ms) + 1} ms\tMemory Size: {MEMORY_MB} MB\t"
        f"Max Memory Used: {used} MB{init}{ending}\t"
        f"XRAY TraceId: {trace}\tSegmentId: {_SEGMENT}\tSampled: true",
    )


def _line(place: Place, time_ms: int, text: str) -> LogLine:
    """A line in the group and stream of the function's own."""
    return LogLine(
        place=place,
        group=application.CHECKOUT,
        stream=application.STREAM,
        time_ms=time_ms,
        message=text,
        dataset="aws.lambda_logs",
    )
