"""A control plane line is what it looks like, and an audit event says who did what to which."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.eks import parse, recognises

AUDIT_STREAM = "kube-apiserver-audit-0123"


def record(message: str, stream: str = "kube-apiserver-0123") -> LogRecord:
    origin = Origin(
        transport="cloudwatch_logs", log_group="/aws/eks/prod/cluster", log_stream=stream
    )
    return LogRecord("0", 1_772_366_470_000, message, origin)


def audit(verb: str = "get", resource: str = "pods", **fields: Any) -> Document:
    event = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "verb": verb,
        "objectRef": {"resource": resource, "namespace": "shop"},
    } | fields
    return parse(record(json.dumps(event, separators=(",", ":")), AUDIT_STREAM))


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        *(("get", "access"), ("watch", "access"), ("create", "creation"), ("patch", "change")),
        *(("deletecollection", "deletion"), ("impersonate", "info")),
    ],
)
def test_a_verb_has_its_type(verb: str, kind: str) -> None:
    assert audit(verb)["event"]["type"] == [kind]


@pytest.mark.parametrize(
    ("resource", "subresource", "category"),
    [
        *(("clusterroles", None, "iam"), ("serviceaccounts", "token", "iam")),
        *(("pods", "exec", "process"), ("pods", "status", "configuration")),
        *(("secrets", None, "configuration"), ("leases", None, None)),
    ],
)
def test_a_resource_has_its_category(
    resource: str, subresource: str | None, category: str | None
) -> None:
    found = audit(objectRef={"resource": resource, "subresource": subresource})

    assert found["event"]["category"] == (["api", category] if category else ["api"])


@pytest.mark.parametrize(
    ("code", "decision", "outcome"),
    [
        *((200, "allow", "success"), (101, "allow", "success"), (403, "forbid", "failure")),
        *((409, "allow", "failure"), (None, "allow", "unknown"), (None, "forbid", "failure")),
    ],
)
def test_the_answer_decides_the_outcome_and_the_authoriser_before_there_is_one(
    code: int | None, decision: str, outcome: str
) -> None:
    notes = {"authorization.k8s.io/decision": decision}
    status = {"code": code} if code else {}

    assert audit(responseStatus=status, annotations=notes)["event"]["outcome"] == outcome


def test_one_who_acts_as_another_keeps_both_names() -> None:
    user, other = {"username": "alice"}, {"username": "root"}
    document = audit(user=user, impersonatedUser=other)

    assert document["user"] == {"name": "alice", "effective": {"name": "root"}}
    assert document["related"]["user"] == ["alice", "root"]


def test_every_hop_is_related_and_the_first_is_the_source() -> None:
    document = audit(sourceIPs=["203.0.113.9", "192.0.2.1"])

    assert document["source"]["ip"] == "203.0.113.9"
    assert document["related"]["ip"] == ["203.0.113.9", "192.0.2.1"]


@pytest.mark.parametrize(
    ("stream", "log_type"),
    [
        *(("kube-apiserver-audit-1", "audit"), ("kube-apiserver-1", "api")),
        *(("authenticator-1", "authenticator"), ("kube-scheduler-1", "scheduler")),
        *(("cloud-controller-manager-1", "controllerManager"), ("other", None)),
    ],
)
def test_the_stream_names_the_type_of_log(stream: str, log_type: str | None) -> None:
    document = parse(record("I0301 12:00:00.1 1 x.go:1] hello", stream))

    assert document.get("eks", {}).get("log_type") == log_type


def test_an_audit_event_is_recognised_anywhere_and_other_events_are_not() -> None:
    assert recognises(record('{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get"}'))
    assert not recognises(record('{"kind":"Event","apiVersion":"v1","reason":"Scheduled"}'))


def test_a_cut_audit_event_is_rejected_and_other_broken_json_is_text() -> None:
    with pytest.raises(MalformedError) as caught:
        parse(record('{"kind":"Event","ver', AUDIT_STREAM))

    assert caught.value.reason == "not_json"
    assert parse(record('{"kind":"Event","ver'))["message"] == '{"kind":"Event","ver'
