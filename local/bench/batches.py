"""What is measured: batches of Kinesis records with a story's events, as Lambda gets them."""

import gzip
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched, count, cycle, islice
from typing import NamedTuple

from local.story.day import day
from local.story.entry import BusEvent, Entry, LogLine
from logcore.codec import dump_json
from logcore.shape import utc

END_MS = 1_795_000_000_000  # 2026-11-18: the same story in every run
DAYS = 4  # stories of different chance, so that findings differ
LINES = 100  # log events of one envelope; a busy group has that many
LEVEL = 6  # of gzip; CloudWatch Logs names none

CLOUDTRAIL, FLOWS = "CloudTrail", "VPC flow"
KINDS = {
    CLOUDTRAIL: "aws.cloudtrail",
    FLOWS: "aws.vpcflow",
    "GuardDuty": "aws.guardduty",
    "application": "generic",
}
MIXED = "mixed"


class Batch(NamedTuple):
    """Records of one Lambda invocation.

    Attributes:
        name: Row of the table.
        data: Each record's data in base64.
        events: Log events in all of them.
    """

    name: str
    data: list[str]
    events: int


def batches(events: int) -> list[Batch]:
    """One batch of each kind and a mixed one, of so many events each; a story is repeated."""
    pools: dict[str, list[Entry]] = defaultdict(list)
    for number in range(DAYS):
        for entry in day(END_MS - number * 86_400_000, seed=number):
            pools[entry.dataset].append(entry)
    mixed = [e for dataset in KINDS.values() for e in pools[dataset]]
    mixed.sort(key=lambda entry: entry.time_ms)
    chosen = {name: pools[dataset] for name, dataset in KINDS.items()} | {MIXED: mixed}
    return [
        Batch(name, list(_records(islice(cycle(pool), events))), events)
        for name, pool in chosen.items()
    ]


def _records(entries: Iterable[Entry]) -> Iterator[str]:
    streams: dict[tuple[str, ...], list[LogLine]] = defaultdict(list)
    numbers = count(1)
    for entry in entries:
        if isinstance(entry, BusEvent):
            yield b64encode(_event(entry, next(numbers))).decode()
        else:
            streams[*entry.place, entry.group, entry.stream].append(entry)
    for lines in streams.values():
        for some in batched(lines, LINES):
            yield b64encode(gzip.compress(_envelope(some, numbers), LEVEL)).decode()


def _event(entry: BusEvent, number: int) -> bytes:
    return dump_json(
        {
            "version": "0",
            "id": f"{number:08x}-0000-4000-a000-000000000000",
            "detail-type": entry.detail_type,
            "source": entry.source,
            "account": entry.place.account,
            "time": utc(entry.time_ms),
            "region": entry.place.region,
            "resources": [],
            "detail": entry.detail,
        }
    )


def _envelope(lines: tuple[LogLine, ...], numbers: Iterator[int]) -> bytes:
    first = lines[0]
    return dump_json(
        {
            "messageType": "DATA_MESSAGE",
            "owner": first.place.account,
            "logGroup": first.group,
            "logStream": first.stream,
            "subscriptionFilters": [f"central-logs-{first.place.region}"],
            "logEvents": [
                {"id": f"{next(numbers):056d}", "timestamp": line.time_ms, "message": line.message}
                for line in lines
            ],
        }
    )
