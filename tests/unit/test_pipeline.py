"""What the normalise function promises about a batch, from the stream's bytes to both ends."""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lambdas.delivery.delivery import Delivery, Report
from lambdas.delivery.rejects import RejectStore
from lambdas.delivery.sinks.sink import Leftover, Parcel, Refusal
from lambdas.normalise.pipeline import Payload, Pipeline
from logcore.normalise import NO_RULES, Normaliser
from logcore.record import Effect
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.rules import Rules

FLOW = (
    "2 222222222222 eni-1 192.0.2.10 198.51.100.7 43416 443 6 8 568 1566848875 1566848933 ACCEPT OK"
)
ARRIVED_MS = 1_566_848_990_000


class ListSink:
    """Keeps what it is given; refuses or leaves what it is told to."""

    def __init__(self, *, refuse: bytes = b"", leave: bytes = b"") -> None:
        self.taken: list[dict[str, Any]] = []
        self._refuse = refuse
        self._leave = leave

    def put(self, parcels: Sequence[Parcel]) -> Leftover:
        left = Leftover()
        for parcel in parcels:
            if self._refuse and self._refuse in parcel.body:
                left.refused.append(Refusal(parcel, "index_refused", "a mapping"))
            elif self._leave and self._leave in parcel.body:
                left.undelivered.append(parcel)
            else:
                self.taken.append(json.loads(parcel.body))
        return left


class FakeS3:
    """Keeps objects by key."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **_: str) -> None:
        assert Bucket == "rejects"
        self.objects[Key] = Body

    def lines(self) -> list[dict[str, Any]]:
        return [
            json.loads(x) for o in self.objects.values() for x in gzip.decompress(o).splitlines()
        ]


def payload(sequence: str, *messages: str, group: str = "/aws/vpc/flow") -> Payload:
    envelope = {
        "messageType": "DATA_MESSAGE",
        "owner": "222222222222",
        "logGroup": group,
        "logStream": "eni-1-all",
        "subscriptionFilters": ["central-logs-eu-west-1"],
        "logEvents": [
            {"id": f"{sequence}{n:050d}", "timestamp": 1_566_848_933_000, "message": message}
            for n, message in enumerate(messages)
        ],
    }
    return Payload(sequence, gzip.compress(json.dumps(envelope).encode()), ARRIVED_MS)


def control(sequence: str) -> Payload:
    envelope = {"messageType": "CONTROL_MESSAGE", "owner": "CloudwatchLogs", "logEvents": []}
    return Payload(sequence, gzip.compress(json.dumps(envelope).encode()), ARRIVED_MS)


def pipeline(sinks: dict[str, ListSink], s3: FakeS3, rules: Rules = NO_RULES) -> Pipeline:
    return Pipeline(Normaliser(Routing(SOURCES), rules=rules), delivery(sinks, s3, rules))


def delivery(sinks: dict[str, ListSink], s3: FakeS3, rules: Rules = NO_RULES) -> Delivery:
    store = RejectStore(s3, "rejects", "rejects/")  # type: ignore[arg-type]  # a fake of boto3's client
    return Delivery(sinks, store, rules)


def test_every_event_is_a_document_or_a_kept_reject() -> None:
    sink, s3 = ListSink(), FakeS3()

    report = pipeline({"*": sink}, s3).process([payload("1", FLOW, "bad"), control("2")])

    assert (report.received, report.accepted.total(), report.rejected.total()) == (2, 1, 1)
    assert [line["record"]["message"] for line in s3.lines()] == ["bad"]
    assert report.delivered == 1
    assert report.retry == set()


def test_two_reports_add_up_to_one() -> None:
    def report(oldest_ms: int) -> Report:
        return Report(
            accepted=Counter(a=1),
            rejected=Counter({("a", "b"): 2}),
            dropped=Counter({("a", "rule"): 1}),
            malformed=Counter({("a", "port"): 4}),
            effects=Counter({Effect("redacted", "rule"): 1}),
            delivered=3,
            refused=4,
            undelivered=5,
            oldest_ms=oldest_ms,
            retry={str(oldest_ms)},
        )

    whole = report(0)
    whole.add(report(7))
    whole.add(report(8))

    assert whole == Report(
        accepted=Counter(a=3),
        rejected=Counter({("a", "b"): 6}),
        dropped=Counter({("a", "rule"): 3}),
        malformed=Counter({("a", "port"): 12}),
        effects=Counter({Effect("redacted", "rule"): 3}),
        delivered=9,
        refused=12,
        undelivered=15,
        oldest_ms=7,
        retry={"0", "7", "8"},
    )
    assert whole.received == 12


def test_rejects_are_shown_in_the_index_with_their_reason() -> None:
    sink, s3 = ListSink(), FakeS3()

    pipeline({"*": sink}, s3).process([payload("1", "bad")])

    (shown,) = sink.taken
    assert shown["event"]["kind"] == "pipeline_error"
    assert shown["error"]["code"] == "column_count"
    assert shown["cloud"] == {
        "provider": "aws",
        "account": {"id": "222222222222"},
        "region": "eu-west-1",
    }
    assert shown["event"]["id"] == s3.lines()[0]["event_id"]


def test_a_payload_that_cannot_be_opened_is_kept_whole() -> None:
    sink, s3 = ListSink(), FakeS3()

    report = pipeline({"*": sink}, s3).process([Payload("1", b"\x1f\x8bbroken", ARRIVED_MS)])

    (line,) = s3.lines()
    assert report.rejected == {("unknown", "payload_unreadable"): 1}
    assert base64.b64decode(line["record"]["message"]) == b"\x1f\x8bbroken"
    assert sink.taken[0]["@timestamp"] == "2019-08-26T19:49:50.000Z"


def test_payloads_with_undelivered_documents_are_named_for_retry() -> None:
    sink, s3 = ListSink(leave=b"192.0.2.99"), FakeS3()
    batch = [payload("1", FLOW), payload("2", FLOW, FLOW.replace("192.0.2.10", "192.0.2.99"))]

    report = pipeline({"*": sink}, s3).process(batch)

    assert report.retry == {"2"}
    assert (report.delivered, report.undelivered) == (2, 1)


def test_what_a_sink_refuses_for_good_is_kept_and_shown_and_not_retried() -> None:
    sink, s3 = ListSink(refuse=b'"action":"accept"'), FakeS3()

    report = pipeline({"*": sink}, s3).process([payload("1", FLOW)])

    assert (report.accepted.total(), report.delivered, report.refused) == (1, 0, 1)
    assert [(line["reason"], line["record"]["message"]) for line in s3.lines()] == [
        ("index_refused", FLOW)
    ]
    assert [shown["error"]["code"] for shown in sink.taken] == ["index_refused"]
    assert report.retry == set()


def test_each_dataset_takes_its_own_sink() -> None:
    near, far, s3 = ListSink(), ListSink(), FakeS3()
    batch = [payload("1", FLOW), payload("2", "hello", group="/app/orders")]

    pipeline({"*": far, "aws.vpcflow": near}, s3).process(batch)

    assert [d["event"]["dataset"] for d in near.taken] == ["aws.vpcflow"]
    assert [d["event"]["dataset"] for d in far.taken] == ["generic"]


def test_a_retried_batch_replaces_its_rejects() -> None:
    sink, s3 = ListSink(), FakeS3()
    carrier = pipeline({"*": sink}, s3)

    carrier.process([payload("1", "bad")])
    carrier.process([payload("1", "bad")])

    assert len(s3.objects) == 1


def test_the_same_event_has_the_same_identity_however_often_it_comes() -> None:
    sink, s3 = ListSink(), FakeS3()
    carrier = pipeline({"*": sink}, s3)

    carrier.process([payload("1", FLOW)])
    carrier.process([payload("1", FLOW)])

    assert len({document["event"]["id"] for document in sink.taken}) == 1


def test_a_dropped_event_is_counted_by_rule_and_reaches_no_sink() -> None:
    sink, s3 = ListSink(), FakeS3()
    rules = Rules({"*": [{"name": "all", "action": "drop", "when": "always"}]})

    report = pipeline({"*": sink}, s3, rules).process([payload("1", FLOW, "bad")])

    assert report.dropped == {("vpc_flow", "all"): 1}
    assert (report.received, report.delivered) == (2, 0)
    assert [document["event"]["kind"] for document in sink.taken] == ["pipeline_error"]


def test_what_a_sink_refuses_of_a_redacted_dataset_is_shown_without_its_text() -> None:
    sink, s3 = ListSink(refuse=b'"aws.vpcflow"'), FakeS3()
    redact = {"name": "a", "action": "redact", "mode": "mask", "fields": ["source.address"]}

    pipeline({"*": sink}, s3, Rules({"*": [redact]})).process([payload("1", FLOW)])

    (shown,) = sink.taken
    assert shown["event"]["original"] == "[redacted]"
    assert s3.lines()[0]["record"]["message"] == FLOW
