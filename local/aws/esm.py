# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Event source mappings from Kinesis to Lambda, with every way to fail that AWS documents.

MiniStack retries a failed batch for ever and knows nothing of batch item failures.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ministack.core.concurrency import esm_wake, spawn_background
from ministack.core.responses import request_scope
from ministack.services import lambda_svc

from local.aws import esm_failure, esm_invoke, kinesis_stream, patching
from local.aws.esm_batch import ARRIVAL, Batch, RetryPolicy, judge
from local.aws.esm_lane import Lane, ShardReader, next_batch
from local.aws.kinesis_stream import KinesisStream
from local.aws.refusals import refuse
from local.aws.resharding import parents_of
from local.aws.settings import Settings

type Mapping = dict[str, Any]
"""MiniStack's event source mapping, with the keys of ``CreateEventSourceMapping``."""

_BATCH_SIZE = 100  # BatchSize of a Kinesis mapping that does not say
_TICK_SECONDS = 0.1  # how often windows, pauses and new records are looked at
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 2.0  # AWS backs off as well, for up to a minute
_DENIED_PAUSE_SECONDS = 1.0


@dataclass(slots=True)
class _Reader:
    """One mapping's place in its stream.

    Attributes:
        problem: Why it does not read, told once.
        not_before: When permissions are looked at again, Unix seconds.
    """

    shards: dict[str, ShardReader] = field(default_factory=dict)
    problem: str = ""
    not_before: float = 0.0


_readers: dict[str, _Reader] = {}


def pending() -> dict[str, int]:
    """Unread and unfinished records, ``{"lambda:<region>:<function>": count}``."""
    counts = dict[str, int]()
    for _account, region, mapping in _active():
        stream = kinesis_stream.find(mapping["EventSourceArn"])
        if stream and (count := _unfinished(mapping, stream)):
            place = f"lambda:{region}:{mapping['FunctionName']}"
            counts[place] = counts.get(place, 0) + count
    return counts


def _unfinished(mapping: Mapping, stream: KinesisStream) -> int:
    reader = _reader(mapping, stream)
    return sum(
        reader.shards.setdefault(shard_id, ShardReader.at()).pending(shard["records"])
        for shard_id, shard in list(stream["shards"].items())
    )


def poll() -> bool:
    """Look at every mapping once and start what is due; whether anything was started."""
    started = False
    for account, region, mapping in _active():
        with request_scope(account, region):
            started |= _poll_mapping(mapping)
    known = {mapping["UUID"] for _account, _region, mapping in lambda_svc._iter_all_esms()}
    for forgotten in _readers.keys() - known:
        _readers.pop(forgotten, None)
    return started


def _active() -> Iterator[tuple[str, str, Mapping]]:
    for account, region, mapping in lambda_svc._iter_all_esms():
        if ":kinesis:" in mapping["EventSourceArn"] and _is_enabled(mapping):
            yield account, region, mapping


def _is_enabled(mapping: Mapping) -> bool:
    return str(mapping.get("Enabled", True)).lower() == "true"


def _reader(mapping: Mapping, stream: KinesisStream) -> _Reader:
    if mapping["UUID"] not in _readers:
        _anchor(mapping["UUID"], stream, mapping.get("StartingPosition", "LATEST"), 0.0)
    return _readers[mapping["UUID"]]


def _anchor(mapping_id: str, stream: KinesisStream, position: str, timestamp: float) -> None:
    """Fix where a new mapping starts; shards that open later are read from their beginning."""
    reader = _Reader()
    for shard_id, shard in stream["shards"].items():
        records = shard["records"]
        if position == "TRIM_HORIZON":
            records = []
        elif position == "AT_TIMESTAMP":
            records = [record for record in records if record[ARRIVAL] < timestamp]
        cursor = records[-1]["SequenceNumber"] if records else ""
        reader.shards[shard_id] = ShardReader.at(cursor)
    _readers[mapping_id] = reader


def _poll_mapping(mapping: Mapping) -> bool:
    stream = kinesis_stream.find(mapping["EventSourceArn"])
    if stream is None or stream["StreamStatus"] != "ACTIVE":
        return False
    reader = _reader(mapping, stream)
    ready = list(_ready_lanes(mapping, reader, stream))
    if not ready or reader.not_before > time.time():
        return False
    if why := esm_invoke.read_denied(mapping, stream):
        _tell_problem(mapping, reader, why)
        return False
    reader.problem = ""
    for shard_id, lane in ready:
        lane.busy = True
        spawn_background(_work, mapping, shard_id, lane, thread_name="local-esm")
    return True


def _tell_problem(mapping: Mapping, reader: _Reader, why: str) -> None:
    reader.not_before = time.time() + _DENIED_PAUSE_SECONDS
    mapping["LastProcessingResult"] = f"PROBLEM: {why}"
    if reader.problem != why:
        reader.problem = why
        refuse("lambda", f"mapping {mapping['UUID']} of {mapping['FunctionName']}: {why}")


def _ready_lanes(
    mapping: Mapping, reader: _Reader, stream: KinesisStream
) -> Iterator[tuple[str, Lane]]:
    """The lanes that have a batch to work on now, with the batch read into ``todo``."""
    now = time.time()
    for shard_id, shard in list(stream["shards"].items()):
        place = reader.shards.setdefault(shard_id, ShardReader.at())
        place.divide(int(mapping.get("ParallelizationFactor") or 1))
        if _has_unfinished_parent(reader, stream, shard):
            continue
        for number, lane in enumerate(place.lanes):
            if lane.busy or lane.not_before > now:
                continue
            if not lane.todo:
                unread = place.unread(number, shard["records"])
                _read(mapping, lane, next_batch(unread, *_batching(mapping), now))
            if lane.todo:
                yield shard_id, lane


def _batching(mapping: Mapping) -> tuple[int, float]:
    size = int(mapping.get("BatchSize") or _BATCH_SIZE)
    return size, float(mapping.get("MaximumBatchingWindowInSeconds") or 0)


def _read(mapping: Mapping, lane: Lane, batch: Batch | None) -> None:
    """Move the cursor behind the batch; what the mapping's filter drops is done with that."""
    if batch is None:
        return
    lane.cursor = batch.records[-1]["SequenceNumber"]
    kept = esm_invoke.filtered(mapping, batch.records)
    if kept:
        lane.todo.append(Batch(kept))


def _has_unfinished_parent(reader: _Reader, stream: KinesisStream, shard: dict[str, Any]) -> bool:
    shards = stream["shards"]
    return any(
        reader.shards.setdefault(parent, ShardReader.at()).pending(shards[parent]["records"])
        for parent in parents_of(shard)
        if parent in shards
    )


def _work(mapping: Mapping, shard_id: str, lane: Lane) -> None:
    """Invoke the function for what the lane has read, until it is done or has to pause."""
    try:
        while lane.todo and _is_enabled(mapping) and lane.not_before <= time.time():
            _invoke_next(mapping, shard_id, lane)
    finally:
        lane.busy = False
        esm_wake.set()


def _invoke_next(mapping: Mapping, shard_id: str, lane: Lane) -> None:
    batch = lane.todo[0]
    outcome = esm_invoke.invoke(mapping, shard_id, batch.records)
    if outcome.throttled:
        lane.not_before = time.time() + _PAUSE_SECONDS
        return
    if outcome.first_failed is None:
        mapping["LastProcessingResult"] = "OK"
        lane.todo.popleft()
        return
    mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
    verdict = judge(batch, outcome.first_failed, RetryPolicy.of(mapping), time.time())
    if verdict.discarded:
        _give_up(mapping, shard_id, verdict.discarded, verdict.condition)
    lane.todo.popleft()
    lane.todo.extendleft(reversed(verdict.again))
    if verdict.pause:
        pause = min(_PAUSE_SECONDS * 2**batch.attempts, _LONGEST_PAUSE_SECONDS)
        lane.not_before = time.time() + pause


def _give_up(mapping: Mapping, shard_id: str, batch: Batch, condition: str) -> None:
    event = esm_invoke.event(mapping, shard_id, batch.records)
    role = esm_invoke.role(mapping)
    given_up = esm_failure.GivenUp(mapping, role, shard_id, batch, condition, event)
    if why := esm_failure.tell(given_up):
        refuse("lambda", f"{len(batch.records)} records of {shard_id} are given up: {why}")


def _with_starting_position(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around ``CreateEventSourceMapping``, which drops the timestamp of ``AT_TIMESTAMP``."""

    def create(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response
        arn = request.get("EventSourceArn", "")
        if ":kinesis:" not in arn:
            return original(request)
        response = original({"BatchSize": _BATCH_SIZE, **request})
        stream = kinesis_stream.find(arn) if response[0] < 300 else None  # noqa: PLR2004  a success
        if stream and request.get("StartingPosition") == "AT_TIMESTAMP":
            timestamp = float(request["StartingPositionTimestamp"])
            _anchor(json.loads(response[2])["UUID"], stream, "AT_TIMESTAMP", timestamp)
        return response

    return create


def _anchoring(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around what the API and CloudFormation call for a new mapping.

    CloudFormation's ``AT_TIMESTAMP`` has lost its timestamp here and reads all that is kept.
    """

    def anchor(mapping_id: str, source_arn: str, position: str) -> None:
        stream = kinesis_stream.find(source_arn) if ":kinesis:" in source_arn else None
        if stream:
            _anchor(mapping_id, stream, position, 0.0)
        else:
            original(mapping_id, source_arn, position)

    return anchor


def _tick() -> None:
    """Wake MiniStack's poller, which sleeps for a second while no record comes in."""
    while True:
        time.sleep(_TICK_SECONDS)
        if lambda_svc._esms.has_any():
            esm_wake.set()


def apply(settings: Settings) -> None:
    """Replace MiniStack's polling of Kinesis."""
    patching.require(lambda_svc, "_iter_all_esms", "_esms")
    esm_failure.apply(settings)
    esm_invoke.apply(settings)
    patching.replace(lambda_svc, "_poll_kinesis", poll)
    patching.wrap(lambda_svc, "_create_esm", _with_starting_position)
    patching.wrap(lambda_svc, "_init_stream_position", _anchoring)
    threading.Thread(target=_tick, daemon=True, name="local-esm-tick").start()
