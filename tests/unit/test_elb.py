"""What a load balancer's entry says ends up in the right field, whatever its shape."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.elb import SOURCE, parse, recognises
from logcore.sources.elb.formats import ALB, CLB, NLB

ALB_LINE = (
    "https 2026-03-01T12:00:59.186641Z app/shop/50dc6c495c0c9188 203.0.113.12:2817 10.0.0.1:8080"
    ' 0.086 0.048 0.037 200 200 481 5432 "GET https://www.example.com:443/a HTTP/1.1" "curl"'
    " ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 - {trace}"
)
NLB_LINE = (
    "tls 2.0 2026-03-01T12:00:40 net/front/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.54:51341"
    " 10.0.0.185:443 5 {handshake} 98 246 {alert} - - {cipher} tlsv12 - front.example.com"
)


def record(line: str, log_group: str = "/aws/elb/shop") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, line, origin)


def alb(trace: str = "-") -> Document:
    return parse(record(ALB_LINE.format(trace=trace)))


def nlb(*, handshake: str = "2", alert: str = "-", cipher: str = "AES") -> Document:
    return parse(record(NLB_LINE.format(handshake=handshake, alert=alert, cipher=cipher)))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Root=1-58337364-23a8c76965a2ef7629b185e3", "1-58337364-23a8c76965a2ef7629b185e3"),
        ("Self=1-1-a;Root=1-2-b;CalledFrom=app", "1-2-b"),
        ("opaque", "opaque"),
    ],
)
def test_the_trace_is_the_root_of_the_header(header: str, expected: str) -> None:
    assert alb(trace=f'"{header}"')["trace"]["id"] == expected


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        (nlb(), "success"),
        (nlb(alert="48", handshake="-"), "failure"),
        (nlb(cipher="-", handshake="-"), "failure"),
    ],
    ids=["cipher agreed", "alert received", "no cipher"],
)
def test_a_connection_without_a_handshake_has_failed(document: Document, outcome: str) -> None:
    assert document["event"]["outcome"] == outcome


def test_handshakes_are_milliseconds_whichever_load_balancer_states_them() -> None:
    line = '2026-03-01T12:00:15.514108Z 203.0.113.1 36280 443 TLSv1.2 AES 0.004 "-" - - Success'

    assert nlb(handshake="4")["elb"]["tls_handshake_ms"] == 4
    assert parse(record(line))["elb"]["tls_handshake_ms"] == 4


def test_a_time_that_was_not_measured_is_left_out() -> None:
    document = parse(record(ALB_LINE.format(trace="-").replace("0.048", "-1")))

    assert "target_processing_time" not in document["elb"]
    assert "pipeline" not in document


def test_columns_that_aws_adds_are_kept() -> None:
    extra = ALB_LINE.format(trace="-") + ' "-"' * (len(ALB.columns) - 18) + " new"

    assert parse(record(extra))["aws"]["elb_logs"][f"column_{len(ALB.columns)}"] == "new"


@pytest.mark.parametrize("layout", [ALB, NLB, CLB], ids=lambda layout: layout.load_balancer)
def test_a_line_cut_short_is_rejected(layout: object) -> None:
    lines = {
        "application": ALB_LINE.format(trace=""),
        "network": "tls 2.0 2026-03-01T12:00:40 net/front/1 g 203.0.113.54:51341 10.0.0.185:443",
        "classic": "2026-03-01T12:00:45Z lb 203.0.113.39:2817 10.0.0.1:80 0.1 0.2",
    }
    line = lines[getattr(layout, "load_balancer", "")]

    with pytest.raises(MalformedError, match="column_count"):
        parse(record(line))


@pytest.mark.parametrize(
    "line", [ALB_LINE.format(trace="-"), NLB_LINE.format(handshake=1, alert="-", cipher="-")]
)
def test_access_lines_are_recognised_in_any_group(line: str) -> None:
    assert Routing(SOURCES).source_for(record(line, "/teams/web")).name == SOURCE.name


def test_other_lines_are_not_taken() -> None:
    assert not recognises(
        record("https is what https://example.com/app/1 speaks on 192.0.2.1:443 ")
    )


def from_json(**fields: Any) -> Document:
    entry = {"time": "2026-03-01T12:01:03.186641Z", "elb": "app/shop/50dc6c495c0c9188"}
    return parse(record(json.dumps(entry | fields)))


def test_a_delivery_calls_the_request_by_another_name() -> None:
    line = "GET https://www.example.com:443/a HTTP/2.0"

    document = from_json(type="h2", elb_status_code="200", request_line=line)

    assert document["http"]["request"]["method"] == "GET"
    assert document["url"]["path"] == "/a"


@pytest.mark.parametrize(
    ("fields", "kind", "log"),
    [
        ({"elb_status_code": "200"}, "application", "access"),
        ({"tls_handshake_latency": "0.1"}, "application", "connection"),
        ({"listener_port": "443"}, "application", "connection"),
        ({"type": "tls", "listener": "a1"}, "network", "access"),
        ({"type": "tls", "tls_handshake_time": "2"}, "network", "access"),
        ({"backend_status_code": "200"}, "classic", "access"),
        ({"target_addr": "10.0.0.97:80", "status": "PASS"}, "application", "health_check"),
    ],
)
def test_the_fields_that_a_delivery_chose_tell_its_shape(
    fields: dict[str, Any], kind: str, log: str
) -> None:
    document = from_json(**fields)

    assert (document["elb"]["type"], document["elb"]["log"]) == (kind, log)


def test_the_group_of_the_key_exchange_is_its_curve() -> None:
    document = from_json(tls_handshake_latency="0.1", tls_keyexchange="X25519MLKEM768")

    assert document["tls"]["curve"] == "X25519MLKEM768"


@pytest.mark.parametrize(
    ("target", "destination"),
    [
        ("10.0.0.97:80", {"address": "10.0.0.97", "ip": "10.0.0.97", "port": 80}),
        ("[2001:db8::9]:80", {"address": "2001:db8::9", "ip": "2001:db8::9", "port": 80}),
        (
            "arn:aws:lambda:eu-west-1:222222222222:function:shop",
            {"address": "arn:aws:lambda:eu-west-1:222222222222:function:shop"},
        ),
    ],
)
def test_a_checked_target_is_an_address_or_a_function(
    target: str, destination: dict[str, Any]
) -> None:
    assert from_json(target_addr=target, status="PASS")["destination"] == destination


def test_a_health_check_is_told_from_a_request_by_its_verdict() -> None:
    line = "http 2026-03-01T12:44:59.875678Z 0.019 10.0.0.97:80 shop {} 503 ResponseCodeMismatch"

    assert parse(record(line.format("FAIL")))["event"]["outcome"] == "failure"
    with pytest.raises(MalformedError):
        parse(record(line.format("MAYBE")))
