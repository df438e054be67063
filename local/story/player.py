"""Puts a story into the accounts it belongs to, the way producers do: PutLogEvents and PutEvents.

Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.story.entry import BusEvent, Entry, LogLine, Place
from logcore.codec import dump_json

type ClientOf = Callable[[str, Place], Any]
"""Gives a boto3 client: ``(service, place)``."""

type Told = Callable[[int], None]
"""Is told how many entries were put just now."""

MOST_LINES = 1_000  # of one request; 10,000 are allowed, fewer show progress
LARGEST_REQUEST = 1_048_576  # bytes, each event counted with ...
OVERHEAD = 26  # ... that many more
AT_ONCE = 4  # places that write at the same time


class PutError(Exception):
    """The cloud did not take something; the demonstration would show less than it says."""


def play(entries: Sequence[Entry], client_of: ClientOf, told: Told = lambda _: None) -> None:
    """Put every entry. Places write side by side, each stream in the order of time.

    Raises:
        PutError: a line or an event was not taken; names the place and the reason.
    """
    by_place: dict[Place, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_place[entry.place].append(entry)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = [pool.submit(_play_at, p, e, client_of, told) for p, e in by_place.items()]
        for future in done:
            future.result()


def _play_at(place: Place, entries: list[Entry], client_of: ClientOf, told: Told) -> None:
    lines: dict[tuple[str, str], list[LogLine]] = defaultdict(list)
    events: list[BusEvent] = []
    for entry in entries:
        if isinstance(entry, LogLine):
            lines[entry.group, entry.stream].append(entry)
        else:
            events.append(entry)
    logs = client_of("logs", place)
    for (group, stream), those in lines.items():
        _put_lines(logs, group, stream, those, told)
    for event in events:
        for seen_at in event.seen_at:
            _put_event(client_of("events", seen_at), event)
        told(1)


def _put_lines(logs: Any, group: str, stream: str, lines: list[LogLine], told: Told) -> None:  # noqa: ANN401  a boto3 client
    exists = logs.exceptions.ResourceAlreadyExistsException
    for make, names in (
        (logs.create_log_group, {"logGroupName": group}),
        (logs.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
    ):
        try:
            make(**names)
        except exists:
            continue
    for batch in _requests(sorted(lines, key=lambda line: line.time_ms)):
        answer = logs.put_log_events(
            logGroupName=group,
            logStreamName=stream,
            logEvents=[{"timestamp": line.time_ms, "message": line.message} for line in batch],
        )
        if answer.get("rejectedLogEventsInfo"):
            raise PutError(f"{group} {stream}: {answer['rejectedLogEventsInfo']}")
        told(len(batch))


def _requests(lines: list[LogLine]) -> Iterator[list[LogLine]]:
    run: list[LogLine] = []
    size = 0
    for line in lines:
        length = len(line.message.encode()) + OVERHEAD
        if run and (len(run) == MOST_LINES or size + length > LARGEST_REQUEST):
            yield run
            run, size = [], 0
        run.append(line)
        size += length
    if run:
        yield run


def _put_event(events: Any, event: BusEvent) -> None:  # noqa: ANN401  a boto3 client
    """Put one event as its service would.

    Each bus gives it an id of its own, as AWS does for copies of a finding.
    """
    answer = events.put_events(
        Entries=[
            {
                "Source": event.source,
                "DetailType": event.detail_type,
                "Resources": list(event.resources),
                "Time": event.time_ms / 1000,
                "Detail": dump_json(event.detail).decode(),
            }
        ]
    )
    if answer["FailedEntryCount"]:
        raise PutError(f"{event.place}: {event.detail_type}: {answer['Entries']}")
