# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""Resharding as Kinesis does it: closed parents stay readable, children know them.

MiniStack deletes a parent with its unread records.

Reference: https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
"""

import json
import threading
from collections.abc import Callable
from typing import Any

from ministack.services import kinesis

from local.aws import patching
from local.aws.settings import Settings

type Shards = dict[str, dict[str, Any]]
"""A stream's shards by id, in the order in which they were opened."""

type Response = tuple[int, dict[str, str], bytes]
"""Status, headers and body, as MiniStack's handlers answer."""

CLOSED = "closed"
"""Key of a shard that takes no more records: the sequence number at which it was closed."""


_order = threading.Lock()
"""Held while a record gets its number and its place: readers rely on rising numbers in a shard."""


def route_to_shard(hash_key: int, stream: dict[str, Any]) -> str:
    """The open shard whose range has this hash key."""
    shards: Shards = stream["shards"]
    return next(
        shard_id
        for shard_id, shard in shards.items()
        if CLOSED not in shard
        and int(shard["starting_hash_key"]) <= hash_key <= int(shard["ending_hash_key"])
    )


def parents_of(shard: dict[str, Any]) -> tuple[str, ...]:
    """The ids of the shards whose records come before this one's."""
    ids = (shard.get("parent_shard_id"), shard.get("adjacent_parent_shard_id"))
    return tuple(parent for parent in ids if parent)


def _keeping_parents(original: Callable[[dict[str, Any]], Response]) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around split and merge, which replace the shards that they name."""

    def reshard(request: dict[str, Any]) -> Response:
        _name, stream = kinesis._resolve_stream(request)
        before: Shards = dict(stream["shards"]) if stream else {}
        response = original(request)
        if stream and response[0] < 300:  # noqa: PLR2004  a success
            gone = [shard_id for shard_id in before if shard_id not in stream["shards"]]
            _close(before, gone)
            stream["shards"] = before | stream["shards"]
        return response

    return reshard


def _refusing_closed(original: Callable[[dict[str, Any]], Response]) -> Any:  # noqa: ANN401  MiniStack is untyped
    """A closed shard has its children already and cannot be split or merged again."""

    def reshard(request: dict[str, Any]) -> Response:
        _name, stream = kinesis._resolve_stream(request)
        for key in ("ShardToSplit", "ShardToMerge", "AdjacentShardToMerge"):
            shard = (stream or {"shards": {}})["shards"].get(request.get(key), {})
            if CLOSED in shard:
                message = f"Shard {request[key]} in stream {stream['StreamName']} is closed."
                refused: Response = kinesis.error_response_json(
                    "ResourceInUseException", message, 400
                )
                return refused
        return original(request)

    return reshard


def _keeping_ids(original: Callable[[dict[str, Any]], Response]) -> Any:  # noqa: ANN401  MiniStack is untyped
    """Around ``UpdateShardCount``, which starts again at shard 0 and forgets the parents."""

    def update(request: dict[str, Any]) -> Response:
        _name, stream = kinesis._resolve_stream(request)
        before: Shards = dict(stream["shards"]) if stream else {}
        response = original(request)
        if stream and response[0] < 300:  # noqa: PLR2004  a success
            children = list(stream["shards"].values())
            stream["shards"] = before | _with_parents(before, children)
            open_before = [shard_id for shard_id in before if CLOSED not in before[shard_id]]
            _close(before, open_before)
            return _with_body(response, CurrentShardCount=len(open_before))
        return response

    return update


def _with_body(response: Response, **changes: object) -> Response:
    body = json.loads(response[2]) | changes
    return response[0], response[1], json.dumps(body).encode()


def _with_parents(before: Shards, children: list[dict[str, Any]]) -> Shards:
    number = 1 + max(int(shard_id.split("-")[1]) for shard_id in before)
    for child in children:
        overlapping = [
            shard_id
            for shard_id, parent in before.items()
            if CLOSED not in parent
            and int(parent["starting_hash_key"]) <= int(child["ending_hash_key"])
            and int(child["starting_hash_key"]) <= int(parent["ending_hash_key"])
        ]
        child["parent_shard_id"] = overlapping[0]
        # Kinesis scales by splits and merges, so a child has two parents at most; so here too.
        child["adjacent_parent_shard_id"] = overlapping[-1] if len(overlapping) > 1 else None
    return {f"shardId-{number + i:012d}": child for i, child in enumerate(children)}


def _close(shards: Shards, shard_ids: list[str]) -> None:
    for shard_id in shard_ids:
        shards[shard_id][CLOSED] = kinesis._next_sequence_number()


def _with_children(original: Callable[[dict[str, Any]], Response]) -> Any:  # noqa: ANN401  MiniStack is untyped
    """At the end of a closed shard there is no next iterator but ``ChildShards``."""

    def get_records(request: dict[str, Any]) -> Response:
        state = kinesis._shard_iterators.get(request.get("ShardIterator"))
        response = original(request)
        stream = kinesis._streams.get(state["stream"]) if state else None
        shard = stream["shards"].get(state["shard_id"]) if stream else None
        if response[0] != 200 or not stream or not shard or CLOSED not in shard:  # noqa: PLR2004  a success
            return response
        body = json.loads(response[2])
        following = kinesis._shard_iterators[body["NextShardIterator"]]
        if following["position"] < len(shard["records"]):
            return response
        del body["NextShardIterator"]
        body["ChildShards"] = _children(stream["shards"], state["shard_id"])
        return response[0], response[1], json.dumps(body).encode()

    return get_records


def _children(shards: Shards, parent_id: str) -> list[dict[str, Any]]:
    return [
        {
            "ShardId": shard_id,
            "ParentShards": list(parents_of(shard)),
            "HashKeyRange": {
                "StartingHashKey": shard["starting_hash_key"],
                "EndingHashKey": shard["ending_hash_key"],
            },
        }
        for shard_id, shard in shards.items()
        if parent_id in parents_of(shard)
    ]


def _with_end(original: Callable[[str, dict[str, Any]], dict[str, Any]]) -> Any:  # noqa: ANN401  MiniStack is untyped
    def describe(shard_id: str, shard: dict[str, Any]) -> dict[str, Any]:
        description = original(shard_id, shard)
        if CLOSED in shard:
            description["SequenceNumberRange"]["EndingSequenceNumber"] = shard[CLOSED]
        return description

    return describe


def _counting_open(original: Callable[[dict[str, Any]], Response]) -> Any:  # noqa: ANN401  MiniStack is untyped
    def describe(request: dict[str, Any]) -> Response:
        response = original(request)
        _name, stream = kinesis._resolve_stream(request)
        if not stream:
            return response
        summary = json.loads(response[2])["StreamDescriptionSummary"]
        summary["OpenShardCount"] = sum(CLOSED not in s for s in stream["shards"].values())
        return _with_body(response, StreamDescriptionSummary=summary)

    return describe


def _one_at_a_time(original: Callable[..., Any]) -> Any:  # noqa: ANN401  MiniStack is untyped
    def put(*arguments: object) -> object:
        with _order:
            return original(*arguments)

    return put


def apply(_settings: Settings) -> None:
    """Replace the three operations, the routing of puts and what readers see."""
    patching.require(kinesis, "_resolve_stream", "_next_sequence_number", "_shard_iterators")
    patching.replace(kinesis, "_route_to_shard", route_to_shard)
    for name in ("_split_shard", "_merge_shards"):
        patching.wrap(kinesis, name, _keeping_parents)
        patching.wrap(kinesis, name, _refusing_closed)
    patching.wrap(kinesis, "_update_shard_count", _keeping_ids)
    for name in ("_put_record", "_put_records", "put_record_internal"):
        patching.wrap(kinesis, name, _one_at_a_time)
    for name in ("_split_shard", "_merge_shards", "_update_shard_count"):
        patching.wrap(kinesis, name, _one_at_a_time)
    patching.wrap(kinesis, "_describe_stream_summary", _counting_open)
    patching.wrap(kinesis, "_get_records", _with_children)
    patching.wrap(kinesis, "_shard_out", _with_end)
