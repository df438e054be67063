"""What the read_objects function promises about an object, from its announcement to both ends."""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.read_objects import parts as parts_module
from lambdas.read_objects.notices import Notice
from lambdas.read_objects.parts import Part, parts
from lambdas.read_objects.reader import ObjectReader, Tally, UndeliveredError
from logcore.normalise import Normaliser
from logcore.objects.outcomes import Numbered
from logcore.record import LogRecord, Origin, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from tests.unit.test_pipeline import FakeS3, ListSink, delivery

ARRIVED_MS = 1_772_366_520_000
KEY = "AWSLogs/222222222222/app/eu-west-1/a.log"
NOTICE = Notice("logs", KEY, etag="e1")
FOREVER = 900_000


class Bucket:
    """Objects that are read in chunks, as boto3's client gives them."""

    def __init__(self, *chunks: bytes, etag: str = "e1") -> None:
        self.chunks: tuple[bytes, ...] = chunks
        self.error = ""
        self.asked: list[dict[str, str]] = []
        self.etag = etag

    def get_object(self, **asked: str) -> dict[str, Any]:
        self.asked.append(asked)
        if self.error:
            raise ClientError({"Error": {"Code": self.error}}, "GetObject")
        written = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
        return {"Body": self, "ETag": f'"{self.etag}"', "LastModified": written}

    def iter_chunks(self, _size: int) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        self.chunks = ()


class Function:
    """One deployment's reader, with what it talks to."""

    def __init__(self, bucket: Bucket, sink: ListSink | None = None) -> None:
        self.sink, self.rejects, self.sent = sink or ListSink(), FakeS3(), list[str]()
        self.tally = Tally()
        self.reader = ObjectReader(
            bucket,  # type: ignore[arg-type]  # a fake of boto3's client
            Normaliser(Routing(SOURCES)),
            delivery({"*": self.sink}, self.rejects),
            self.sent.append,
            reserve_ms=60_000,
            own_bucket="archive",
        )

    def read(self, notice: Notice = NOTICE, left_ms: Callable[[], int] = lambda: FOREVER) -> None:
        self.reader.read(notice, ARRIVED_MS, left_ms, self.tally)

    def messages(self) -> list[str]:
        return [document["message"] for document in self.sink.taken]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two records."""
    defaults = {"count": 2, "size": parts_module.MOST_CHARACTERS}
    monkeypatch.setattr(parts, "__kwdefaults__", defaults)


def test_every_record_of_an_object_is_a_document() -> None:
    function = Function(Bucket(gzip.compress(b"one\ntwo\n")))

    function.read()

    assert function.messages() == ["one", "two"]
    assert function.sink.taken[0]["@timestamp"] == "2026-03-01T12:01:00.000Z"
    assert function.sink.taken[0]["cloud"]["account"] == {"id": "222222222222"}
    assert function.tally.endings == {"read": 1}
    assert function.tally.report.received == 2


def test_an_object_of_the_own_bucket_is_not_read_and_counts_as_an_own_line() -> None:
    bucket = Bucket(b"one\n")
    function = Function(bucket)

    function.read(Notice("archive", "rejects/2026/03/01/1.gz"))

    assert bucket.asked == []
    assert function.tally.endings == {"own": 1}
    assert function.tally.report.dropped == {("unknown", "own-logs"): 1}
    assert function.messages() == []


def test_a_broken_object_gives_what_can_be_read_and_one_kept_reject() -> None:
    function = Function(Bucket(gzip.compress(b"one\ntwo")[:-8]))

    function.read()

    report = function.tally.report
    assert (report.accepted.total(), report.rejected) == (1, {("unknown", "object_cut"): 1})
    assert [line["record"]["message"] for line in function.rejects.lines()] == ["two"]
    assert [line["record"]["key"] for line in function.rejects.lines()] == [KEY]


@pytest.mark.parametrize(
    ("notice", "which"),
    [
        (Notice("logs", KEY), {}),
        (Notice("logs", KEY, etag="e1"), {"IfMatch": '"e1"'}),
        (Notice("logs", KEY, version="v1", etag="e1"), {"VersionId": "v1"}),
    ],
)
def test_an_object_is_read_as_it_was_announced(notice: Notice, which: dict[str, str]) -> None:
    bucket = Bucket(b"one")

    Function(bucket).read(notice)

    assert bucket.asked == [{"Bucket": "logs", "Key": KEY} | which]


@pytest.mark.usefixtures("small_parts")
def test_without_time_for_more_a_message_says_where_to_go_on() -> None:
    bucket = Bucket(b"one\ntwo\nthree\nfour\nfive\n")
    function = Function(bucket)
    left = iter([60_001, 60_000])

    function.read(left_ms=lambda: next(left))

    assert function.messages() == ["one", "two", "three", "four"]
    assert function.tally.endings == {"continued": 1}
    assert [json.loads(body) for body in function.sent] == [
        {"central-logs-object": NOTICE._replace(first=5)._asdict()}
    ]


@pytest.mark.usefixtures("small_parts")
def test_an_object_read_in_two_goes_is_the_same_as_in_one() -> None:
    text = "".join(f"{number}\n" for number in range(5)).encode()
    whole, first, second = (Function(Bucket(text)) for _ in range(3))
    whole.read()

    first.read(left_ms=lambda: 60_000)
    second.read(NOTICE._replace(first=3))

    assert first.sink.taken + second.sink.taken == whole.sink.taken


def test_however_little_time_there_is_an_invocation_gets_on() -> None:
    function = Function(Bucket(b"one\n"))

    function.read(left_ms=lambda: 0)
    function.read(left_ms=lambda: 0)

    assert function.messages() == ["one"]
    assert function.tally.endings == {"continued": 2}
    assert [json.loads(body)["central-logs-object"]["first"] for body in function.sent] == [2, 1]


@pytest.mark.parametrize("code", ["NoSuchKey", "NoSuchVersion", "PreconditionFailed"])
def test_an_object_that_is_gone_is_kept_as_a_reject_and_its_message_is_done(code: str) -> None:
    bucket = Bucket()
    bucket.error = code
    function = Function(bucket)

    function.read()

    assert function.tally.endings == {"gone": 1}
    assert function.tally.report.rejected == {("unknown", "object_gone"): 1}
    (line,) = function.rejects.lines()
    assert line["detail"].startswith(f"s3://logs/{KEY}: ")


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket", "InvalidObjectState", "SlowDown"])
def test_an_object_that_may_yet_be_read_fails_and_nothing_is_rejected(code: str) -> None:
    bucket = Bucket()
    bucket.error = code
    function = Function(bucket)

    with pytest.raises(ClientError, match=code):
        function.read()
    assert function.tally.endings == {"failed": 1}
    assert function.tally.report.received == 0


def test_undelivered_documents_fail_the_object() -> None:
    function = Function(Bucket(b"one\nlate\n"), ListSink(leave=b"late"))

    with pytest.raises(UndeliveredError):
        function.read()
    assert function.tally.endings == {"failed": 1}
    assert (function.tally.report.delivered, function.tally.report.undelivered) == (1, 1)


def test_an_object_read_again_replaces_its_rejects() -> None:
    bucket = Bucket(b"version srcaddr\nbad bad bad\n")
    function = Function(bucket)

    function.read()
    function.read()

    assert len(function.rejects.objects) == 1


def test_a_message_of_ours_for_the_longest_key_fits_into_a_queue() -> None:
    notice = Notice("b" * 63, "é" * 512, "v" * 1_024, "e" * 64, first=2**63)

    assert len(notice.message().encode()) < 262_144


def numbered(*lengths: int) -> Iterator[Numbered]:
    for number, length in enumerate(lengths, 1):
        record = LogRecord(str(number), 0, "x" * length, Origin(transport="s3"))
        yield Numbered(number, [Rejected(record, "", "", "")])


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((), []),
        ((1,), [(1, 1)]),
        ((1, 1), [(1, 2)]),
        ((1, 1, 1), [(1, 2), (3, 3)]),
        ((5, 5, 1), [(1, 2), (3, 3)]),
        ((5, 6), [(1, 1), (2, 2)]),
        ((11, 1, 11), [(1, 1), (2, 2), (3, 3)]),
    ],
)
def test_parts_hold_so_many_records_and_characters(
    lengths: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    found = list(parts(numbered(*lengths), count=2, size=10))

    assert [(part.first, part.last) for part in found] == expected
    assert sum(len(part.outcomes) for part in found) == len(lengths)
    assert all(isinstance(part, Part) for part in found)


class CountingSink(ListSink):
    """Counts what it is given and forgets it."""

    count = 0

    def put(self, parcels: Any) -> Any:
        self.count += len(parcels)
        return super().put(())


def test_an_object_of_two_hundred_megabytes_is_delivered_in_constant_memory() -> None:
    line = b"x" * 4_999 + b"\n"
    sink = CountingSink()
    function = Function(Bucket(*[gzip.compress(line * 100, 1)] * 400), sink)

    tracemalloc.start()
    function.read()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sink.count == 40_000
    assert peak < 130 * 2**20  # most of it what orjson asks for and leaves untouched
