"""What databases log is read by what an entry looks like, and a statement by what it does."""

from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.sources.rds import parse
from logcore.sources.rds.statement import LONGEST, understood

AUDIT = "1772366401123456,shop-1,app,192.0.2.10,23,102,{},shop,{}"
POSTGRESQL = "2026-03-01 12:00:00 UTC:192.0.2.10(49152):app@billing:[12345]:LOG:  "


def parsed(
    message: str, group: str = "/aws/rds/instance/shop/error", stream: str = "shop"
) -> Document:
    origin = Origin(transport="cloudwatch_logs", log_group=group, log_stream=stream)
    return parse(LogRecord("0", 1_772_366_470_000, message, origin))


@pytest.mark.parametrize(
    ("sql", "command", "kind", "rights"),
    [
        ("select 1", "SELECT", "access", False),
        ("/* app */ -- why\n (SELECT 1)", "SELECT", "access", False),
        ("WITH x AS (SELECT 1) SELECT * FROM x", "WITH", "access", False),
        ("insert into t values (1)", "INSERT", "change", False),
        ("CREATE TABLE t (id int)", "CREATE", "change", False),
        ("create user x", "CREATE", "change", True),
        ("REVOKE ALL ON t FROM x", "REVOKE", "change", True),
        ("COMMIT", "COMMIT", "info", False),
        ("", None, "info", False),
    ],
)
def test_a_statement_is_known_by_its_verb(
    sql: str, command: str | None, kind: str, *, rights: bool
) -> None:
    found = understood(sql)

    assert (found.command, found.kind, found.changes_rights) == (command, kind, rights)


@pytest.mark.parametrize(
    ("sql", "shape"),
    [
        (
            "SELECT *\n  FROM t1 WHERE a='it''s' AND b = -1.5e3;",
            "SELECT * FROM t1 WHERE a=? AND b = ?",
        ),
        ("SELECT 1 FROM t WHERE id IN (1, 2,3)", "SELECT ? FROM t WHERE id IN (?…)"),
        ("INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c')", "INSERT INTO t VALUES (?…), …"),
        ("SELECT x FROM t WHERE a = 'open", "SELECT x FROM t WHERE a = ?"),
        ("SELECT $1, col2, 0xFF", "SELECT $1, col2, ?"),
    ],
)
def test_like_statements_have_one_shape_without_their_values(sql: str, shape: str) -> None:
    assert understood(sql).shape == shape


def test_the_shape_of_an_endless_statement_can_be_indexed() -> None:
    assert len(understood("SELECT " + "a, " * 100_000).shape) == LONGEST


@pytest.mark.parametrize(
    ("operation", "rest", "outcome", "types"),
    [
        ("QUERY", "'SELECT 1',0", "success", ["access"]),
        ("QUERY", "'SELECT x',1146", "failure", ["access", "error"]),
        ("WRITE", "orders,", None, ["change"]),
        ("FAILED_CONNECT", ",1045", "failure", ["start"]),
        ("DISCONNECT", ",0", None, ["end"]),
    ],
)
def test_an_audit_entry_tells_how_it_ended(
    operation: str, rest: str, outcome: str | None, types: list[str]
) -> None:
    event = parsed(AUDIT.format(operation, rest))["event"]

    assert (event.get("outcome"), event["type"]) == (outcome, types)


def test_commas_quotes_and_line_ends_of_an_audited_statement_are_kept() -> None:
    document = parsed(AUDIT.format("QUERY", r"'SELECT \'a, b\',\n1',0,4"))

    assert document["aws"]["rds"]["object"] == r"SELECT \'a, b\',\n1"
    assert document["rds"]["statement"] == "SELECT ?, ?"


@pytest.mark.parametrize(
    "prefix",
    [
        "2026-03-01 12:00:00 UTC:192.0.2.10(49152):app@billing:[12345]:",
        "2026-03-01 12:00:00.000 GMT:192.0.2.10(49152):app@billing:[12345]:",
        "2026-03-01 12:00:00 UTC [12345]: [3-1] user=app,db=billing,app=psql,client=192.0.2.10 ",
        "2026-03-01 12:00:00.000 UTC [12345] app@billing 192.0.2.10(49152) ",
    ],
)
def test_any_prefix_of_a_line_tells_who_and_from_where(prefix: str) -> None:
    document = parsed(f"{prefix}LOG:  statement: SELECT 1")

    assert document["@timestamp"] == "2026-03-01T12:00:00.000Z"
    assert document["user"]["name"] == "app"
    assert document["rds"]["database"] == "billing"
    assert document["rds"]["session"] == "12345"
    assert document["source"]["ip"] == "192.0.2.10"


def test_an_address_of_ipv6_in_the_prefix_keeps_its_colons() -> None:
    line = "2026-03-01 12:00:00 UTC:2001:db8::7(49152):app@billing:[1]:LOG:  statement: SELECT 1"

    assert parsed(line)["source"]["ip"] == "2001:db8::7"


def test_a_statement_over_several_lines_stays_one() -> None:
    document = parsed(f"{POSTGRESQL}statement: SELECT a\n\tFROM b\n\tWHERE c = 'x'")

    assert document["rds"]["statement"] == "SELECT a FROM b WHERE c = ?"


@pytest.mark.parametrize(
    ("said", "duration"),
    [
        ("duration: 1.5 ms", 1_500_000),
        ("disconnection: session time: 1:00:00.5", 3_600_500_000_000),
    ],
)
def test_durations_are_nanoseconds(said: str, duration: int) -> None:
    assert parsed(POSTGRESQL + said)["event"]["duration"] == duration


@pytest.mark.parametrize("said", ["duration: 1.2.3 ms", f"duration: {'9' * 400} ms"])
def test_a_duration_that_is_none_costs_only_itself(said: str) -> None:
    document = parsed(POSTGRESQL + said)

    assert "duration" not in document["event"]
    assert document["pipeline"]["malformed"] == ["duration"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026-13-01T12:00:00.1Z 0 [Note] hello", "time"),
        ("2026-13-01T12:00:00.1Z\t 7 Query\tSELECT 1", "time"),
        ("# Time: soon\n# Query_time: 1 Lock_time: 0\nSELECT 1;", "Time"),
    ],
)
def test_a_time_of_mysql_that_is_none_costs_only_itself(text: str, name: str) -> None:
    document = parsed(text)

    assert document["pipeline"]["malformed"] == [name]
    assert "session" not in document["rds"] or document["rds"]["session"] == "7"


def test_the_group_and_the_stream_name_the_cluster_and_its_instance() -> None:
    document = parsed("hello", "/aws/rds/cluster/shop/audit", "shop-1.audit.log.0")

    assert document["service"] == {"name": "shop", "node": {"name": "shop-1"}}
    assert document["rds"]["log_type"] == "audit"


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("2026-03-01 12:00:05.12 Logon       Error: 18456, Severity: 14", "error", "18456"),
        ("ORA-00060: Deadlock detected", "error", "ORA-00060"),
        ("2026-03-01T12:00:00.123Z [WARN] [clientConnection=1] slow", "warn", None),
        ("no error was found", None, None),
    ],
)
def test_a_line_of_another_engine_is_text_with_its_level(
    text: str, level: str | None, code: str | None
) -> None:
    document: dict[str, Any] = parsed(text)

    assert document.get("log", {}).get("level") == level
    assert document.get("error", {}).get("code") == code
    assert document["message"] == text


def test_an_audit_entry_without_its_columns_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        parsed("1772366401123456,shop-1,app")

    assert caught.value.reason == "column_count"
