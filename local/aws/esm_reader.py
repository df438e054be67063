# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Which mappings read Kinesis, and how far each of them is.

Reference: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from ministack.services import lambda_svc

from local.aws import kinesis_stream, patching
from local.aws.esm_batch import ARRIVAL
from local.aws.esm_lane import ShardReader
from local.aws.kinesis_stream import KinesisStream
from local.aws.resharding import parents_of
from local.aws.settings import Settings

type Mapping = dict[str, Any]
"""MiniStack's event source mapping, with the keys of ``CreateEventSourceMapping``."""

BATCH_SIZE = 100
"""``BatchSize`` of a Kinesis mapping that does not say; MiniStack takes 10."""

_timestamp: ContextVar[float] = ContextVar("starting_position_timestamp", default=0.0)
"""``StartingPositionTimestamp`` of the mapping being created, which MiniStack drops."""


@dataclass(slots=True)
class Reader:
    """One mapping's place in its stream.

    Attributes:
        problem: Why it does not read, told once.
        not_before: When permissions are looked at again, Unix seconds.
    """

    shards: dict[str, ShardReader] = field(default_factory=dict)
    problem: str = ""
    not_before: float = 0.0

    def shard(self, shard_id: str) -> ShardReader:
        """The place in one shard; in one that opened later, its beginning."""
        return self.shards.setdefault(shard_id, ShardReader.at())

    def has_unfinished_parent(self, stream: KinesisStream, shard: dict[str, Any]) -> bool:
        """Whether records from before a reshard have to be processed first."""
        shards = stream["shards"]
        return any(
            self.shard(parent).pending(shards[parent]["records"])
            for parent in parents_of(shard)
            if parent in shards
        )


_readers: dict[str, Reader] = {}


def active() -> Iterator[tuple[str, str, Mapping]]:
    """Every enabled mapping from Kinesis with its account and region."""
    for account, region, mapping in lambda_svc._iter_all_esms():
        if ":kinesis:" in mapping["EventSourceArn"] and is_enabled(mapping):
            yield account, region, mapping


def is_enabled(mapping: Mapping) -> bool:
    """Whether the mapping reads; CloudFormation may leave text in it."""
    return str(mapping.get("Enabled", True)).lower() == "true"


def reader_of(mapping: Mapping, stream: KinesisStream) -> Reader:
    """How far the mapping is."""
    if mapping["UUID"] not in _readers:
        _anchor(mapping["UUID"], stream, mapping.get("StartingPosition", "LATEST"))
    return _readers[mapping["UUID"]]


def pending() -> dict[str, int]:
    """Unread and unfinished records, ``{"lambda:<region>:<function>": count}``."""
    counts = dict[str, int]()
    for _account, region, mapping in active():
        stream = kinesis_stream.find(mapping["EventSourceArn"])
        if stream and (count := _unfinished(mapping, stream)):
            place = f"lambda:{region}:{mapping['FunctionName']}"
            counts[place] = counts.get(place, 0) + count
    return counts


def _unfinished(mapping: Mapping, stream: KinesisStream) -> int:
    reader = reader_of(mapping, stream)
    return sum(
        reader.shard(shard_id).pending(shard["records"])
        for shard_id, shard in list(stream["shards"].items())
    )


def _anchor(mapping_id: str, stream: KinesisStream, position: str) -> None:
    """Fix where a new mapping starts."""
    reader = Reader()
    for shard_id, shard in stream["shards"].items():
        records = shard["records"]
        if position == "TRIM_HORIZON":
            records = []
        elif position == "AT_TIMESTAMP":
            records = [record for record in records if record[ARRIVAL] < _timestamp.get()]
        cursor = records[-1]["SequenceNumber"] if records else ""
        reader.shards[shard_id] = ShardReader.at(cursor)
    _readers[mapping_id] = reader


def _with_starting_position(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around ``CreateEventSourceMapping``, which drops the timestamp of ``AT_TIMESTAMP``."""

    def create(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response
        if ":kinesis:" not in request.get("EventSourceArn", ""):
            return original(request)
        token = _timestamp.set(float(request.get("StartingPositionTimestamp") or 0))
        try:
            return original({"BatchSize": BATCH_SIZE, **request})
        finally:
            _timestamp.reset(token)

    return create


def _anchoring(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around what the API and CloudFormation call for a new mapping.

    CloudFormation's ``AT_TIMESTAMP`` has lost its timestamp here and reads all that is kept.
    """

    def anchor(mapping_id: str, source_arn: str, position: str) -> None:
        stream = kinesis_stream.find(source_arn) if ":kinesis:" in source_arn else None
        if stream:
            _anchor(mapping_id, stream, position)
        else:
            original(mapping_id, source_arn, position)

    return anchor


def _forgetting(original: Any) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around what the API and CloudFormation call for a deleted mapping."""

    def release(mapping_id: str) -> None:
        _readers.pop(mapping_id, None)
        original(mapping_id)

    return release


def apply(_settings: Settings) -> None:
    """Follow the creation and deletion of mappings."""
    patching.require(lambda_svc, "_iter_all_esms")
    patching.wrap(lambda_svc, "_create_esm", _with_starting_position)
    patching.wrap(lambda_svc, "_init_stream_position", _anchoring)
    patching.wrap(lambda_svc, "_release_esm_poll_state", _forgetting)
