"""What every sink promises: each document is delivered, refused or left over, and none is lost."""

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from opensearchpy.exceptions import ConnectionTimeout, TransportError

from lambdas.delivery.sinks import backoff, direct, firehose
from lambdas.delivery.sinks.direct import DirectSink
from lambdas.delivery.sinks.firehose import FirehoseSink
from lambdas.delivery.sinks.sink import Parcel, chunks
from logcore.record import LogRecord, Origin

RECORD = LogRecord("1", 0, "line", Origin(transport="cloudwatch_logs"))


def parcel(number: int, size: int = 2) -> Parcel:
    return Parcel(b"x" * size, str(number), RECORD, "generic")


class FakeFirehose:
    """Answers like PutRecordBatch; fails what it is told to, attempt by attempt."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.batches: list[list[bytes]] = []

    def put_record_batch(
        self, *, DeliveryStreamName: str, Records: Sequence[dict[str, bytes]]
    ) -> dict[str, Any]:
        assert DeliveryStreamName == "documents"
        self.batches.append([record["Data"] for record in Records])
        failed = self.answers.pop(0) if self.answers else []
        if isinstance(failed, Exception):
            raise failed
        entries = [
            {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}
            if number in failed
            else {"RecordId": str(number)}
            for number in range(len(Records))
        ]
        return {"FailedPutCount": len(failed), "RequestResponses": entries}


def firehose_sink(fake: FakeFirehose) -> tuple[FirehoseSink, list[float]]:
    pauses: list[float] = []
    return FirehoseSink(fake, "documents", pause=pauses.append), pauses  # type: ignore[arg-type]  # a fake of boto3's client


def refused(code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutRecordBatch")


def test_500_documents_are_one_request_and_501_are_two() -> None:
    fake = FakeFirehose()
    sink, _ = firehose_sink(fake)

    sink.put([parcel(n) for n in range(500)])
    sink.put([parcel(n) for n in range(501)])

    assert [len(batch) for batch in fake.batches] == [500, 500, 1]


def test_a_request_holds_4_mib_and_not_a_byte_more() -> None:
    half = [parcel(n, 1_000 * 1_024) for n in range(4)]  # 4,096,000 bytes
    exact = parcel(4, firehose.LARGEST_BATCH - 4 * 1_000 * 1_024)
    fake = FakeFirehose()
    sink, _ = firehose_sink(fake)

    sink.put([*half, exact])
    sink.put([*half, exact._replace(body=exact.body + b"x")])

    assert [len(batch) for batch in fake.batches] == [5, 4, 1]


def test_a_document_over_1000_kib_is_refused_by_name_and_the_others_go() -> None:
    fake = FakeFirehose()
    sink, _ = firehose_sink(fake)

    left = sink.put([parcel(0, 1_024_000), parcel(1, 1_024_001), parcel(2)])

    assert [(r.parcel.sequence, r.reason) for r in left.refused] == [("1", "document_too_large")]
    assert "1024001 bytes" in left.refused[0].detail
    assert [len(batch) for batch in fake.batches] == [2]


def test_only_failed_entries_are_sent_again() -> None:
    fake = FakeFirehose([1, 2], [0])
    sink, _ = firehose_sink(fake)
    parcels = [parcel(n, n + 1) for n in range(4)]

    left = sink.put(parcels)

    bodies = [p.body for p in parcels]
    assert fake.batches == [bodies, bodies[1:3], bodies[1:2]]
    assert left.undelivered == []


def test_entries_that_keep_failing_are_left_for_the_stream() -> None:
    fake = FakeFirehose(*[[0]] * backoff.ATTEMPTS)
    sink, pauses = firehose_sink(fake)

    left = sink.put([parcel(7), parcel(8)])

    assert [p.sequence for p in left.undelivered] == ["7"]
    assert len(fake.batches) == backoff.ATTEMPTS == len(pauses) + 1


def test_pauses_grow_and_stay_within_their_bounds() -> None:
    fake = FakeFirehose(*[[0]] * backoff.ATTEMPTS)
    sink, pauses = firehose_sink(fake)

    sink.put([parcel(0)])

    bounds = [backoff.FIRST_PAUSE_S * 2**n for n in range(backoff.ATTEMPTS - 1)]
    assert all(0 <= pause <= bound for pause, bound in zip(pauses, bounds, strict=True))


def test_after_a_saturated_request_nothing_more_is_sent() -> None:
    fake = FakeFirehose(*[[0]] * backoff.ATTEMPTS)
    sink, _ = firehose_sink(fake)

    left = sink.put([parcel(n) for n in range(501)])

    assert len(fake.batches) == backoff.ATTEMPTS
    assert [p.sequence for p in left.undelivered] == ["0", "500"]


@pytest.mark.parametrize(
    "trouble",
    [
        refused("ServiceUnavailableException", 503),
        refused("ThrottlingException", 400),
        EndpointConnectionError(endpoint_url="https://firehose.example.com"),
    ],
    ids=["unavailable", "throttled", "no connection"],
)
def test_a_request_that_fails_for_now_is_sent_again(trouble: Exception) -> None:
    fake = FakeFirehose(trouble)
    sink, _ = firehose_sink(fake)

    left = sink.put([parcel(0), parcel(1)])

    assert [len(batch) for batch in fake.batches] == [2, 2]
    assert left.undelivered == []


def test_a_missing_permission_is_not_retried_but_raised() -> None:
    fake = FakeFirehose(refused("AccessDeniedException", 400))
    sink, _ = firehose_sink(fake)

    with pytest.raises(ClientError, match="AccessDenied"):
        sink.put([parcel(0)])


class FakeSearch:
    """Answers like ``_bulk``; each attempt gives the statuses it is told, 201 where it is not."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.bodies: list[bytes] = []

    def bulk(self, *, body: bytes, index: str, params: dict[str, str]) -> dict[str, Any]:
        assert index == "logs-inbox"
        assert "items.*.error" in params["filter_path"]
        self.bodies.append(body)
        statuses = self.answers.pop(0) if self.answers else {}
        if isinstance(statuses, Exception):
            raise statuses
        count = body.count(direct.ACTION)
        items = [_item(statuses.get(number, 201)) for number in range(count)]
        return {"errors": bool(statuses), "items": items}


def _item(status: int) -> dict[str, Any]:
    failed = {"error": {"type": "mapper_parsing_exception", "reason": "no"}} if status > 299 else {}
    return {"index": {"status": status, **failed}}


def direct_sink(fake: FakeSearch) -> DirectSink:
    return DirectSink(fake, "logs-inbox", pause=lambda _: None)  # type: ignore[arg-type]  # a fake of the client


def test_items_get_no_id_of_their_own() -> None:
    fake = FakeSearch()

    direct_sink(fake).put([parcel(0), parcel(1, 3)])

    assert fake.bodies == [b'{"index":{}}\nxx\n{"index":{}}\nxxx\n']


def test_a_refused_item_is_told_with_its_reason_and_the_others_are_delivered() -> None:
    fake = FakeSearch({1: 400})

    left = direct_sink(fake).put([parcel(n) for n in range(3)])

    assert [(r.parcel.sequence, r.reason) for r in left.refused] == [("1", "index_refused")]
    assert "mapper_parsing_exception" in left.refused[0].detail
    assert left.undelivered == []


@pytest.mark.parametrize("status", sorted(direct.TRY_AGAIN))
def test_an_item_that_may_yet_succeed_is_resent_alone(status: int) -> None:
    fake = FakeSearch({1: status})

    left = direct_sink(fake).put([parcel(0), parcel(1, 5), parcel(2)])

    assert fake.bodies[1] == b'{"index":{}}\nxxxxx\n'
    assert (left.refused, left.undelivered) == ([], [])


@pytest.mark.parametrize(
    "trouble", [ConnectionTimeout("TIMEOUT", "", ""), TransportError(429, "busy", {})]
)
def test_an_unanswered_request_is_sent_again(trouble: Exception) -> None:
    fake = FakeSearch(trouble)

    left = direct_sink(fake).put([parcel(0)])

    assert len(fake.bodies) == 2
    assert left.undelivered == []


def test_a_request_refused_as_a_whole_is_raised() -> None:
    fake = FakeSearch(TransportError(403, "security_exception", {}))

    with pytest.raises(TransportError):
        direct_sink(fake).put([parcel(0)])


def test_chunks_lose_nothing_and_keep_the_order() -> None:
    parcels = [parcel(n, 1 + n % 7) for n in range(100)]

    runs = list(chunks(parcels, count=9, size=20, overhead=1))

    assert [p for run in runs for p in run] == parcels
    assert max(len(run) for run in runs) <= 9
    assert max(sum(len(p.body) + 1 for p in run) for run in runs) <= 20
