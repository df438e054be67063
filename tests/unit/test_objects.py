"""What an object's bytes become: records in order, and one reject where it cannot be read on."""

import gzip
import itertools
import json
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logcore.objects import content, json_text, lines, piece
from logcore.objects.reader import origin_of, read_object
from logcore.record import LogRecord, Rejected

MODIFIED_MS = 1_772_366_460_000  # 2026-03-01T12:01:00Z
ORIGIN = origin_of("example-org-logs", "AWSLogs/222222222222/app/eu-west-1/a.log", "e1")
TRAIL = (
    b'{"fileVersion": "1.0", "note": "]}\\"",\n "Records": [\n'
    b'  {"eventID": "a", "requestParameters": {"text": "}]\\\\", "list": [1, {"b": []}]}},'
    b'{"eventID":"\xc3\xa9"} ,\n {"eventID":"c"}\n], "after": {"x": [1]}}\n'
)
RECORDS = [
    '{"eventID": "a", "requestParameters": {"text": "}]\\\\", "list": [1, {"b": []}]}}',
    '{"eventID":"é"}',
    '{"eventID":"c"}',
]


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def columns(line: str) -> bool:
    return line.startswith("version ")


def read(data: bytes, size: int = 7) -> list[LogRecord | Rejected]:
    return list(read_object(cut(data, size), ORIGIN, MODIFIED_MS, columns))


def shown(found: Iterable[LogRecord | Rejected]) -> list[str | tuple[str, str]]:
    """Messages of records; reason and detail of rejects."""
    return [r.message if isinstance(r, LogRecord) else (r.reason, r.detail) for r in found]


def test_each_line_is_a_record_with_its_number_and_the_time_of_the_object() -> None:
    assert read(b"first\nsecond\n") == [
        LogRecord("1", MODIFIED_MS, "first", ORIGIN),
        LogRecord("2", MODIFIED_MS, "second", ORIGIN),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n\r\n\n", []),
        (b"a", ["a"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"a\n\n\nb", ["a", "b"]),
        (b"a\r\r\nb\rc\n", ["a\r", "b\rc"]),
        (b" \n", [" "]),
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
        (b"[2026-03-01] up\n", ["[2026-03-01] up"]),
    ],
    ids=repr,
)
def test_lines_end_with_lf_or_crlf_and_empty_ones_are_left_out(
    data: bytes, expected: list[str]
) -> None:
    assert shown(read(data)) == expected
    assert shown(read(gzip.compress(data))) == expected


def test_gzip_of_several_members_is_one_text() -> None:
    packed = gzip.compress(b"a\nb") + gzip.compress(b"") + gzip.compress(b"c\n") + b"\0" * 5

    assert shown(read(packed, 1)) == ["a", "bc"]


def test_one_object_per_line_is_a_record_each_and_a_broken_one_costs_itself() -> None:
    assert shown(read(b'{"a":1}\n{"b":\n{"Records":[{"c":1}]}\n')) == [
        '{"a":1}',
        '{"b":',
        '{"Records":[{"c":1}]}',
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 11, 1_000])
def test_a_list_of_records_is_taken_apart_with_their_text_as_it_was_written(size: int) -> None:
    assert shown(read(TRAIL, size)) == RECORDS
    assert shown(read(gzip.compress(TRAIL), size)) == RECORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"Records":[]}', []),
        (b'{"Records" : [ {} ] }', ["{}"]),
        (b'{"fileVersion":"1.0","configurationItems":[{"a":1},{"a":2}]}', ['{"a":1}', '{"a":2}']),
        (b'{"Records":[1, "x", null]}', ["1", '"x"', "null"]),
        (b'{"Records":[{"a":1}]}{"Records":[{"a":2}]}', ['{"a":1}', '{"a":2}']),
        (b'{"Records":"none","a":1}', ['{"Records":"none","a":1}']),
        (b'{"a":{"Records":[{"b":1}]}}', ['{"a":{"Records":[{"b":1}]}}']),
        (b'{\n "digestEndTime": "x",\n "logFiles": []\n}\n', None),
        (b'{"a":1}{"a":2}\n{"a":3}', ['{"a":1}', '{"a":2}', '{"a":3}']),
        (b' [{"a":1},{"a":2}]', ['{"a":1}', '{"a":2}']),
        (b"{}", ["{}"]),
        (b"{}\n{}\n", ["{}", "{}"]),
    ],
    ids=repr,
)
def test_json_is_taken_apart_by_what_it_holds(text: bytes, expected: list[str] | None) -> None:
    assert shown(read(text)) == ([text.decode().strip()] if expected is None else expected)


@pytest.mark.parametrize(
    ("data", "readable", "reason", "place"),
    [
        (b'{"Records":[{"a":1},{"b":2', ['{"a":1}'], "object_cut", "at byte 20"),
        (b'{"Records":[{"a":1}', ['{"a":1}'], "object_cut", "at byte 19"),
        (b'{"Records":[{"a":1} x {}]}', ['{"a":1}'], "object_malformed", "at byte 20"),
        (b'{"Records":[{"a":1},]}', ['{"a":1}'], "object_malformed", "at byte 20"),
        (b'{"Records":[{"a":1}],}', ['{"a":1}'], "object_malformed", "at byte 21"),
        (b'{"Records":[{"a":1}]} more', ['{"a":1}'], "object_malformed", "at byte 22"),
        (b'{"a":1}{"b":2}x', ['{"a":1}', '{"b":2}'], "object_malformed", "at byte 14"),
        (b"PAR1\x15\x04", [], "object_format", "at byte 0"),
        (b"\x28\xb5\x2f\xfd\x24", [], "object_format", "at byte 0"),
        (gzip.compress(b"a\n") + b"xyz", ["a"], "object_unreadable", "at byte 22"),
        (gzip.compress(b"a\n")[:-3], ["a"], "object_cut", "at byte 19"),
        (gzip.compress(b"a\n")[:-8] + b"\0" * 8, ["a"], "object_unreadable", "at byte 17"),
        (gzip.compress(TRAIL)[:-8], RECORDS, "object_cut", "at byte"),
        (b"\x1f\x8b", [], "object_cut", "at byte 2"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_of_a_broken_object_what_can_be_read_is_read_and_a_reject_names_the_byte(
    data: bytes, readable: list[str], reason: str, place: str
) -> None:
    *records, last = read(data)

    assert shown(records) == readable
    assert isinstance(last, Rejected)
    assert last.reason == reason
    assert place in last.detail
    assert last.record.id == str(len(readable) + 1)


def test_a_reject_shows_what_was_begun_and_not_finished() -> None:
    cut_line, cut_record = read(gzip.compress(b"a\nbeg")[:-1]), read(b'{"Records":[{"a":"beg')

    assert [r.record.message for r in (*cut_line, *cut_record) if isinstance(r, Rejected)] == [
        "beg",
        '{"a":"beg',
    ]


@pytest.mark.parametrize("size", [30, 1_000, 100_000])
def test_a_reject_shows_what_stands_behind_the_broken_byte(size: int) -> None:
    *_, last = read(b'{"Records":[' + b"{}," * 30_000 + b"{} " + b"y" * 200, size)

    assert isinstance(last, Rejected)
    assert last.record.message == " " + "y" * 200


@pytest.mark.parametrize("lost", range(1, 25))
def test_of_a_cut_object_every_byte_is_read_that_was_packed_into_it(
    lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "STEP", 64)
    packed = gzip.compress(b"a" * 5_000 + b"b" * 5_000)[:-lost]

    found = [b"".join(content.Content(cut(packed, size))) for size in (1, 7, 10_000)]

    assert found == [zlib.decompressobj(content.GZIP_WINDOW).decompress(packed)] * 3


def test_a_header_is_no_record_and_every_line_after_it_has_it() -> None:
    found = read(b"version srcaddr dstaddr\n2 192.0.2.1 198.51.100.7\nversion two\n")

    assert [(r.message, r.origin.header) for r in found if isinstance(r, LogRecord)] == [
        ("2 192.0.2.1 198.51.100.7", "version srcaddr dstaddr"),
        ("version two", "version srcaddr dstaddr"),
    ]


def test_the_fields_directive_is_the_header_and_may_change_where_files_were_joined() -> None:
    found = read(b"#Version: 1.0\n#Fields: date a\n1\n#Version: 1.0\n#Fields: b\n2\n# three\n")

    assert [(r.message, r.origin.header) for r in found if isinstance(r, LogRecord)] == [
        ("1", "#Fields: date a"),
        ("2", "#Fields: b"),
        ("# three", "#Fields: b"),
    ]


@pytest.fixture
def small_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of at most 32 bytes."""
    for module in (lines, json_text):
        monkeypatch.setattr(module, "LARGEST_RECORD", 32)
    monkeypatch.setattr(lines, "KEPT", 4)


@pytest.mark.usefixtures("small_records")
@pytest.mark.parametrize("size", [1, 5, 100])
def test_a_line_that_is_too_long_is_left_unread_and_the_next_one_is_not(size: int) -> None:
    found = read(b"a" * 32 + b"\n" + b"b" * 33 + b"\nnext\r\n" + b"c" * 100, size)

    assert shown(found) == [
        "a" * 32,
        ("record_too_large", "at byte 33: a line of more than 32 bytes"),
        "next",
        ("record_too_large", "at byte 73: a line of more than 32 bytes"),
    ]
    assert found[1].record.message == "bbbb"  # type: ignore[union-attr]  # a reject


@pytest.mark.usefixtures("small_records")
@pytest.mark.parametrize("size", [1, 5, 200])
def test_json_that_is_too_large_ends_the_reading_and_says_so(size: int) -> None:
    fits = b'{"a":"%s"}' % (b"x" * 24)
    too_large = b'{"a":"%s"}' % (b"x" * 25)

    found = read(b'{"Records":[%s,%s,{}]}' % (fits, too_large), size)

    assert shown(found) == [
        fits.decode(),
        ("record_too_large", "at byte 45: JSON of more than 32 bytes"),
    ]


@pytest.mark.usefixtures("small_records")
def test_what_stands_around_a_list_of_records_may_be_larger_than_a_record() -> None:
    around = b'"a":"%s","b":"%s","c":"%s"' % (b"x" * 20, b"y" * 20, b"z" * 20)

    assert shown(read(b'{"Records":[{}],' + around + b"}")) == ["{}"]


def test_the_largest_record_is_what_its_documentation_says() -> None:
    assert piece.LARGEST_RECORD == 16 * 1024 * 1024


blobs = st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from('{}[],:"\\ \na1'), max_size=60).map(str.encode),
    st.lists(st.binary(max_size=20), max_size=5).map(b"\n".join),
    st.just(TRAIL),
)
objects = st.one_of(
    blobs,
    blobs.map(gzip.compress),
    st.tuples(blobs, blobs).map(lambda two: b"".join(map(gzip.compress, two))),
    st.tuples(blobs.map(gzip.compress), st.integers(0, 30)).map(
        lambda cut: cut[0][: -cut[1] or None]
    ),
    st.tuples(blobs.map(gzip.compress), st.integers(10, 60), st.integers(1, 255)).map(
        lambda hit: bytes(b ^ (hit[2] if i == hit[1] else 0) for i, b in enumerate(hit[0]))
    ),
)


@settings(deadline=None, max_examples=400)
@given(objects, st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_any_bytes_have_an_outcome_and_the_same_however_they_come(
    data: bytes, sizes: list[int]
) -> None:
    stream = iter(data)
    chunks = [
        chunk
        for size in itertools.islice(itertools.cycle(sizes), len(data) + 1)
        if (chunk := bytes(itertools.islice(stream, size)))
    ]

    assert b"".join(chunks) == data
    assert list(read_object(chunks, ORIGIN, MODIFIED_MS, columns)) == read(data, len(data) or 1)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(), st.text() | st.lists(st.text())), max_size=6))
def test_every_record_of_a_list_comes_out_as_it_was_put_in(
    records: list[dict[str, object]],
) -> None:
    for indent in (None, 2):
        data = json.dumps({"a": [], "Records": records}, indent=indent).encode()

        found = [r.message for r in read(data, 5) if isinstance(r, LogRecord)]
        assert [json.loads(message) for message in found] == records


@pytest.mark.parametrize(
    ("begin", "record", "end", "thousands"),
    [
        (b"", b"x" * 1_999 + b"\n", b"", 150),
        (b'{"Records":[', b'{"a":"%s"},\n' % (b"x" * 1_990), b"{}]}", 50),
    ],
    ids=["lines", "a list of records"],
)
def test_an_object_of_hundreds_of_megabytes_is_read_in_constant_memory(
    begin: bytes, record: bytes, end: bytes, thousands: int
) -> None:
    packer = zlib.compressobj(1, wbits=31)
    packed = packer.compress(begin)
    packed += b"".join(packer.compress(record * 1_000) for _ in range(thousands))
    packed += packer.compress(end) + packer.flush()

    tracemalloc.start()
    records = read_object(cut(packed, 65_536), ORIGIN, MODIFIED_MS, columns)
    found = sum(isinstance(r, LogRecord) for r in records)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found - len(end) // 4 == thousands * 1_000  # of 2 kB each
    assert peak < 8 * 2**20
