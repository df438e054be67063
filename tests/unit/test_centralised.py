"""The same event, subscribed where it is and copied into the central account: one document or two.

CloudWatch gives no promise about the id of a copied event, so here it has another one.
"""

import gzip
import json
from typing import Any

import pytest

from logcore.normalise import Normaliser
from logcore.record import Accepted, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.transports.copied_groups import COPIES, Copies

CENTRAL, MEMBER, REGION = "111111111111", "222222222222", "eu-west-1"
NOON_MS = 1_772_366_400_000

ROUTING = Routing(SOURCES)
CENTRALISED = Normaliser(ROUTING, copies=Copies(CENTRAL))
PARALLEL = Normaliser(ROUTING, copies=Copies(CENTRAL, parallel=True))

TRAIL = json.dumps(
    {
        "eventVersion": "1.11",
        "eventTime": "2026-03-01T12:00:00Z",
        "eventID": "11111111-2222-3333-4444-555555555555",
        "eventSource": "iam.amazonaws.com",
        "eventName": "GetUser",
        "awsRegion": REGION,
        "recipientAccountId": MEMBER,
    }
)
FLOW = (
    "2 222222222222 eni-1 192.0.2.1 198.51.100.2 443 49152 6 10 840 1772366400 1772366460 ACCEPT OK"
)

GROUPS = {
    "/apps/web": "something happened",
    "/aws/vpc/flow": FLOW,
    "CloudTrail/logs": TRAIL,
}


def payload(log_group: str, *messages: str, is_copy: bool, first_ms: int = NOON_MS) -> bytes:
    """What the subscription of the member, or of the central account, puts onto the stream."""
    owner, region, group, stream, digit = MEMBER, REGION, log_group, "s", "1"
    if is_copy:
        owner, region, digit = CENTRAL, "us-east-1", "2"
        group, stream = f"{COPIES}{MEMBER}/{REGION}#{log_group}", f"s_{MEMBER}_{REGION}"
    envelope = {
        "messageType": "DATA_MESSAGE",
        "owner": owner,
        "logGroup": group,
        "logStream": stream,
        "subscriptionFilters": [f"central-logs-{region}"],
        "logEvents": [
            {"id": f"{digit}{number:055}", "timestamp": first_ms + number, "message": text}
            for number, text in enumerate(messages)
        ],
    }
    return gzip.compress(json.dumps(envelope).encode())


def documents(normalise: Normaliser, log_group: str, *, is_copy: bool) -> list[dict[str, Any]]:
    outcomes = normalise.payload(payload(log_group, GROUPS[log_group], is_copy=is_copy))
    return [outcome.document for outcome in outcomes if isinstance(outcome, Accepted)]


@pytest.mark.parametrize("log_group", GROUPS)
def test_a_copy_becomes_the_document_that_the_event_itself_does(log_group: str) -> None:
    [itself] = documents(PARALLEL, log_group, is_copy=False)
    [copy] = documents(PARALLEL, log_group, is_copy=True)

    assert itself["aws"]["cloudwatch"].pop("owner") == MEMBER
    assert copy["aws"]["cloudwatch"].pop("owner") == CENTRAL
    assert copy == itself
    assert copy["cloud"]["account"]["id"] == MEMBER
    assert copy["cloud"]["region"] == REGION
    assert copy["aws"]["cloudwatch"] == {"log_group": log_group, "log_stream": "s"}


@pytest.mark.parametrize(
    ("log_group", "documents_in_the_end"),
    [("/apps/web", 2), ("/aws/vpc/flow", 1), ("CloudTrail/logs", 1)],
)
def test_without_parallel_only_a_sources_own_identity_makes_them_one(
    log_group: str, documents_in_the_end: int
) -> None:
    ids = {
        document["event"]["id"]
        for is_copy in (False, True)
        for document in documents(CENTRALISED, log_group, is_copy=is_copy)
    }

    assert len(ids) == documents_in_the_end


def test_in_parallel_another_time_or_text_is_another_event() -> None:
    texts = ("first", "second", "first")
    outcomes = PARALLEL.payload(payload("/apps/web", *texts, is_copy=True))

    assert len({o.document["event"]["id"] for o in outcomes if isinstance(o, Accepted)}) == 3


def test_a_reject_is_one_both_ways() -> None:
    [itself] = PARALLEL.payload(payload("/aws/vpc/flow", "- - -", is_copy=False))
    [copy] = PARALLEL.payload(payload("/aws/vpc/flow", "- - -", is_copy=True))

    assert isinstance(itself, Rejected)
    assert isinstance(copy, Rejected)
    assert copy.record.id == itself.record.id == ""
    assert copy.record.origin.log_group == itself.record.origin.log_group
