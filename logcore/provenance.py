"""What every document carries beside what its source makes of the record.

Written down twice: ``complete`` adds it to a document, ``completed`` to a table, which then writes
the same. Whatever is the same for all records of an origin belongs into ``Place``, which is made
once for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from logcore import identity
from logcore.codec import Json, Plain, json_of
from logcore.mapping import First, Given, Of, Table
from logcore.record import Document, LogRecord, Origin
from logcore.shape import utc

ECS_VERSION = "9.0.0"


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What an origin says about each of its records. Told apart by identity, which is fast.

    Attributes:
        origin: The origin itself.
        account: Account that produced the record, if known.
        region: Region that produced it, if known.
        carrier: What the transport says, to go under ``aws``.
        cloudwatch: ``aws.cloudwatch`` as JSON; empty when it is absent.
        eventbridge: ``aws.eventbridge`` as JSON; empty when it is absent.
        s3: ``aws.s3`` as JSON; likewise.
    """

    origin: Origin
    account: str | None
    region: str | None
    carrier: Mapping[str, Mapping[str, Any]]
    cloudwatch: Json
    eventbridge: Json
    s3: Json


RECORD = Given("record", LogRecord)
PLACE = Given("place", Place)


def _of_logs(origin: Origin) -> dict[str, Any]:
    named = _known(log_group=origin.log_group, log_stream=origin.log_stream, owner=origin.owner)
    return _known(cloudwatch=named)


def _of_event(origin: Origin) -> dict[str, Any]:
    return {"eventbridge": {"source": origin.event_source, "detail_type": origin.detail_type}}


def _of_object(origin: Origin) -> dict[str, Any]:
    return {"s3": {"bucket": {"name": origin.bucket}, "object": {"key": origin.key}}}


_CARRIERS = {"eventbridge": _of_event, "s3": _of_object}
"""What a transport says of where its records come from; any other is one of log groups."""


def place_of(origin: Origin) -> Place:
    """The place of an origin; made once for all of its records."""
    carrier = _CARRIERS.get(origin.transport, _of_logs)(origin)
    return Place(
        origin=origin,
        account=origin.account or None,
        region=origin.region or None,
        carrier=carrier,
        cloudwatch=json_of(carrier.get("cloudwatch")),
        eventbridge=json_of(carrier.get("eventbridge")),
        s3=json_of(carrier.get("s3")),
    )


def complete(document: Document, record: LogRecord, dataset: str, place: Place) -> None:
    """Add identity, time and dataset, and the account and region that the source left out."""
    event = document.setdefault("event", {})
    event["id"] = event_id(event.get("id"), record)
    event["dataset"], event["module"] = dataset, _module(dataset)
    document.setdefault("@timestamp", utc(record.time_ms))
    cloud = document.setdefault("cloud", {})
    cloud["provider"] = "aws"
    if place.account:
        cloud.setdefault("account", {"id": place.account})
    if place.region:
        cloud.setdefault("region", place.region)
    if place.carrier:
        document.setdefault("aws", {}).update(place.carrier)
    document.setdefault("ecs", {"version": ECS_VERSION})


def completed(table: Table, dataset: str) -> Table:
    """A source's table with the same added."""
    event, cloud = table["event"], table.get("cloud", {})
    account = cloud.get("account", {})
    return table | {
        "@timestamp": _first(table.get("@timestamp"), Of(_arrival, RECORD)),
        "event": event
        | {
            "id": _id(event.get("id")),
            "dataset": dataset,
            "module": _module(dataset),
        },
        "cloud": cloud
        | {
            "provider": "aws",
            "account": account | {"id": _first(account.get("id"), PLACE.account)},
            "region": _first(cloud.get("region"), PLACE.region),
        },
        "aws": table["aws"]
        | {"cloudwatch": PLACE.cloudwatch, "eventbridge": PLACE.eventbridge, "s3": PLACE.s3},
        "ecs": {"version": ECS_VERSION},
    }


def event_id(native: object, record: LogRecord) -> str:
    """The source's own id where it can be an ``_id``, else one made of the record."""
    return identity.usable(native) or identity.event_id(record)


def _id(own: Any) -> Any:  # noqa: ANN401  an expression
    """A table's id that is always there is made to be an ``_id``."""
    return own if own is not None and not own.gives.optional else Of(event_id, own, RECORD)


def _first(own: Any, otherwise: Any) -> Any:  # noqa: ANN401  expressions
    return First(own, otherwise) if own is not None else otherwise


def _arrival(record: LogRecord) -> Plain:
    return utc(record.time_ms)


def _module(dataset: str) -> str:
    return dataset.partition(".")[0]


def _known[V](**named: V) -> dict[str, V]:
    return {name: value for name, value in named.items() if value}
