"""Each role can do what it must and nothing else, on a server that checks every request."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import AuthorizationException

from lambdas.search_setup.report import SetupReport
from local.opensearch import OpenSearchServer
from logcore.registry import REJECTS
from tests.security.sent import FLOWS, document, send


def test_every_step_of_the_setup_says_what_it_did(report: SetupReport) -> None:
    outcomes = {line.step: line.outcome for line in report.lines}

    assert outcomes == {
        "roles": "done",
        "index templates": "done",
        "ingest pipeline": "done",
        "inbox": "done",
        "mappings": "done",
        "retention": "skipped",
        "dashboards": "skipped",
    }


def test_writers_write_through_the_inbox_to_the_day_of_the_event(
    writer: OpenSearch, admin: OpenSearch
) -> None:
    (item,) = send(writer, document("of-a-day"))
    admin.indices.refresh(index="logs-*")

    assert (item["status"], item["_index"], item["_id"]) == (201, FLOWS, "of-a-day")


def test_the_same_event_sent_three_times_is_one_document(
    writer: OpenSearch, admin: OpenSearch
) -> None:
    send(writer, *[document("thrice")] * 3)
    admin.indices.refresh(index="logs-*")

    found = admin.count(index="logs-*", body={"query": {"term": {"event.id": "thrice"}}})

    assert found["count"] == 1


def test_rejects_go_to_the_month_that_they_belong_to(writer: OpenSearch) -> None:
    (item,) = send(writer, document("reject-1", event={"id": "reject-1", "dataset": REJECTS}))

    assert item["_index"] == "logs-pipeline.rejects-2026.11"


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"@timestamp": "yesterday"}, "yesterday"),
        ({"event": {"dataset": "aws.vpcflow"}}, "event.id is missing"),
        ({"event": {"id": "x", "dataset": "nobody.knows"}}, "nobody.knows"),
    ],
    ids=["unreadable time", "no identity", "unknown dataset"],
)
def test_a_document_without_a_home_is_refused_alone(
    writer: OpenSearch, broken: dict[str, Any], named: str
) -> None:
    good, bad = send(writer, document("beside"), document("lost") | broken)

    assert good["status"] in {200, 201}
    assert bad["status"] >= 400
    assert named in json.dumps(bad["error"])


WRITER_MUST_NOT: dict[str, Callable[[OpenSearch], Any]] = {
    "search": lambda c: c.search(index="logs-*"),
    "read a document": lambda c: c.get(index=FLOWS, id="write-1"),
    "delete a document": lambda c: c.delete(index=FLOWS, id="write-1"),
    "delete an index": lambda c: c.indices.delete(index=FLOWS),
    "write elsewhere": lambda c: c.index(index="elsewhere", body={"a": 1}),
    "change settings": lambda c: c.indices.put_settings(
        index=FLOWS, body={"index": {"refresh_interval": "9s"}}
    ),
    "put a template": lambda c: c.indices.put_index_template(
        name="x", body={"index_patterns": ["x-*"]}
    ),
    "change the pipeline": lambda c: c.ingest.put_pipeline(
        id="logs-inbox", body={"processors": []}
    ),
    "see users": lambda c: c.transport.perform_request(
        "GET", "/_plugins/_security/api/internalusers"
    ),
}
SETUP_MUST_NOT: dict[str, Callable[[OpenSearch], Any]] = {
    "search": lambda c: c.search(index="logs-*"),
    "read a document": lambda c: c.get(index=FLOWS, id="write-1"),
    "write a document": lambda c: c.index(index=FLOWS, body={"a": 1}),
    "delete an index": lambda c: c.indices.delete(index=FLOWS),
    "create an index elsewhere": lambda c: c.indices.create(index="elsewhere"),
    "give itself rights": lambda c: c.transport.perform_request(
        "PUT", "/_plugins/_security/api/rolesmapping/all_access", body={"users": ["setup"]}
    ),
    "change cluster settings": lambda c: c.cluster.put_settings(
        body={"transient": {"cluster.max_shards_per_node": 9}}
    ),
}
STRANGER_MUST_NOT: dict[str, Callable[[OpenSearch], Any]] = {
    "search": lambda c: c.search(index="logs-*"),
    "write": lambda c: c.index(index="logs-inbox", body=document("stranger")),
    "list indices": lambda c: c.cat.indices(),
}
DENIED = [
    pytest.param(user, attempt, id=f"{user}: {what}")
    for user, attempts in {
        "delivery": WRITER_MUST_NOT,
        "normalise": WRITER_MUST_NOT,
        "setup": SETUP_MUST_NOT,
        "stranger": STRANGER_MUST_NOT,
    }.items()
    for what, attempt in attempts.items()
]


@pytest.mark.parametrize(("user", "attempt"), DENIED)
def test_nothing_else_is_allowed(
    stocked: OpenSearchServer, user: str, attempt: Callable[[OpenSearch], Any]
) -> None:
    with pytest.raises(AuthorizationException):
        attempt(stocked.client(user))


def test_the_setup_can_be_repeated(
    report: SetupReport, take_steps: Callable[[], SetupReport]
) -> None:
    again = take_steps()

    assert [(x.step, x.outcome) for x in again.lines] == [(x.step, x.outcome) for x in report.lines]
