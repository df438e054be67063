# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Event source mappings from Kinesis to Lambda, with every way to fail that AWS documents.

MiniStack retries a failed batch for ever and knows nothing of batch item failures.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

import threading
import time
from collections import deque
from collections.abc import Iterator

from ministack.core.concurrency import esm_wake, spawn_background
from ministack.core.responses import request_scope
from ministack.services import lambda_svc

from local.aws import esm_failure, esm_invoke, esm_reader, kinesis_stream, patching
from local.aws.esm_batch import Batch, RetryPolicy, judge
from local.aws.esm_lane import Lane, next_batch
from local.aws.esm_reader import BATCH_SIZE, Mapping, Reader, active, is_enabled, reader_of
from local.aws.kinesis_stream import KinesisStream
from local.aws.refusals import refuse
from local.aws.settings import Settings

_TICK_SECONDS = 0.1  # how often windows, pauses and new records are looked at
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 2.0  # AWS backs off as well, for up to a minute
_DENIED_PAUSE_SECONDS = 1.0


def poll() -> bool:
    """Look at every mapping once and start what is due; whether anything was started."""
    started = False
    for account, region, mapping in active():
        with request_scope(account, region):
            started |= _poll_mapping(mapping)
    return started


def _poll_mapping(mapping: Mapping) -> bool:
    stream = kinesis_stream.find(mapping["EventSourceArn"])
    if stream is None or stream["StreamStatus"] != "ACTIVE":
        return False
    reader = reader_of(mapping, stream)
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


def _tell_problem(mapping: Mapping, reader: Reader, why: str) -> None:
    reader.not_before = time.time() + _DENIED_PAUSE_SECONDS
    mapping["LastProcessingResult"] = f"PROBLEM: {why}"
    if reader.problem != why:
        reader.problem = why
        refuse("lambda", f"mapping {mapping['UUID']} of {mapping['FunctionName']}: {why}")


def _ready_lanes(
    mapping: Mapping, reader: Reader, stream: KinesisStream
) -> Iterator[tuple[str, Lane]]:
    """The lanes that have a batch to work on now, with the batch read into ``todo``."""
    now = time.time()
    for shard_id, shard in list(stream["shards"].items()):
        place = reader.shard(shard_id)
        place.divide(int(mapping.get("ParallelizationFactor") or 1))
        if reader.has_unfinished_parent(stream, shard):
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
    size = int(mapping.get("BatchSize") or BATCH_SIZE)
    return size, float(mapping.get("MaximumBatchingWindowInSeconds") or 0)


def _read(mapping: Mapping, lane: Lane, batch: Batch | None) -> None:
    """Move the cursor behind the batch; what the mapping's filter drops is done with that."""
    if batch is None:
        return
    kept = esm_invoke.filtered(mapping, batch.records)
    if kept:
        lane.todo.append(Batch(kept))  # first, so that no record is ever in neither place
    lane.cursor = batch.records[-1]["SequenceNumber"]


def _work(mapping: Mapping, shard_id: str, lane: Lane) -> None:
    """Invoke the function for what the lane has read, until it is done or has to pause."""
    try:
        while lane.todo and is_enabled(mapping) and lane.not_before <= time.time():
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
    lane.todo = deque([*verdict.again, *list(lane.todo)[1:]])  # at once, for those who count
    if verdict.pause:
        pause = min(_PAUSE_SECONDS * 2**batch.attempts, _LONGEST_PAUSE_SECONDS)
        lane.not_before = time.time() + pause


def _give_up(mapping: Mapping, shard_id: str, batch: Batch, condition: str) -> None:
    event = esm_invoke.event(mapping, shard_id, batch.records)
    role = esm_invoke.role(mapping)
    given_up = esm_failure.GivenUp(mapping, role, shard_id, batch, condition, event)
    if why := esm_failure.tell(given_up):
        refuse("lambda", f"{len(batch.records)} records of {shard_id} are given up: {why}")


def _tick() -> None:
    """Wake MiniStack's poller, which sleeps for a second while no record comes in."""
    while True:
        time.sleep(_TICK_SECONDS)
        if lambda_svc._esms.has_any():
            esm_wake.set()


def apply(settings: Settings) -> None:
    """Replace MiniStack's polling of Kinesis."""
    patching.require(lambda_svc, "_esms")
    esm_failure.apply(settings)
    esm_invoke.apply(settings)
    esm_reader.apply(settings)
    patching.replace(lambda_svc, "_poll_kinesis", poll)
    threading.Thread(target=_tick, daemon=True, name="local-esm-tick").start()
