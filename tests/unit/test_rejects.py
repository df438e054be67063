"""A reject can be replayed from its line and seen as a document."""

from logcore.codec import dump_json, parse_json
from logcore.identity import event_id
from logcore.record import LogRecord, Origin, Rejected
from logcore.rejects import SHOWN, reject_document, reject_line

ORIGIN = Origin(
    transport="cloudwatch_logs",
    account="222222222222",
    region="eu-west-1",
    owner="111111111111",
    log_group="/aws/vpc/flow",
    log_stream="eni-1",
)
RECORD = LogRecord("37", 1_772_366_400_000, "no flow log", ORIGIN)
REJECTED = Rejected(RECORD, "vpc_flow", "column_count", "expected 14 columns, found 3")


def test_the_line_holds_the_whole_record() -> None:
    line = parse_json(dump_json(reject_line(REJECTED)))
    kept = line["record"]
    fields = {name: kept[name] for name in Origin.__dataclass_fields__}

    assert LogRecord(kept["id"], kept["time_ms"], kept["message"], Origin(**fields)) == RECORD
    assert (line["source"], line["reason"]) == ("vpc_flow", "column_count")
    assert line["detail"] == "expected 14 columns, found 3"


def test_line_and_document_share_the_id_of_the_event() -> None:
    assert reject_line(REJECTED)["event_id"] == event_id(RECORD)
    assert reject_document(REJECTED, 0)["event"]["id"] == event_id(RECORD)


def test_the_document_shows_what_was_refused_why_and_from_where() -> None:
    assert reject_document(REJECTED, 0) == {
        "@timestamp": "2026-03-01T12:00:00.000Z",
        "ecs": {"version": "9.0.0"},
        "event": {
            "kind": "pipeline_error",
            "id": event_id(RECORD),
            "dataset": "pipeline.rejects",
            "module": "pipeline",
            "reason": "column_count",
            "original": "no flow log",
        },
        "error": {"code": "column_count", "message": "expected 14 columns, found 3"},
        "pipeline": {"source": "vpc_flow"},
        "cloud": {
            "provider": "aws",
            "account": {"id": "222222222222"},
            "region": "eu-west-1",
        },
        "aws": {"cloudwatch": {"log_group": "/aws/vpc/flow", "log_stream": "eni-1"}},
    }


def test_a_record_without_a_time_is_shown_at_its_arrival() -> None:
    timeless = REJECTED._replace(record=RECORD._replace(time_ms=0))

    document = reject_document(timeless, 1_772_366_460_000)

    assert document["@timestamp"] == "2026-03-01T12:01:00.000Z"


def test_a_long_message_is_shown_in_part_and_kept_whole() -> None:
    long = REJECTED._replace(record=RECORD._replace(message="x" * 100_000))

    assert len(reject_document(long, 0)["event"]["original"]) == SHOWN
    assert len(reject_line(long)["record"]["message"]) == 100_000


def test_a_payload_that_nobody_could_open_names_no_place() -> None:
    unknown = LogRecord("", 0, "AAAA", Origin(transport="unknown"))

    document = reject_document(Rejected(unknown, "unknown", "payload_unreadable", "no gzip"), 7)

    assert document["cloud"] == {"provider": "aws"}
    assert "aws" not in document
