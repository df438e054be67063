"""What a Security Hub finding becomes, in either format, and what happens to several."""

import json
from typing import Any

import pytest

from logcore.errors import MalformedError
from logcore.normalise import Normaliser
from logcore.record import Accepted, Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.securityhub import parse
from logcore.sources.securityhub.labels import category_of, severity_of

ORIGIN = Origin(transport="cloudwatch_logs", log_group="securityhub-findings")


def parsed(body: object) -> Document:
    return parse(LogRecord("0", 0, json.dumps(body), ORIGIN))


def asff(**parts: Any) -> dict[str, Any]:
    return {"Id": "f", "ProductArn": "p"} | parts


@pytest.mark.parametrize(
    ("label", "normalised", "expected"),
    [
        ("HIGH", 75, ("HIGH", 75)),
        ("High", None, ("HIGH", 70)),
        (None, 0, ("INFORMATIONAL", 0)),
        (None, 39, ("LOW", 39)),
        (None, 90, ("CRITICAL", 90)),
        ("Fatal", None, ("CRITICAL", 90)),
        (None, None, (None, None)),
        ("LOW", 101, ("LOW", 1)),
    ],
)
def test_label_and_score_fill_each_other_s_gaps(
    label: str | None, normalised: int | None, expected: tuple[str | None, int | None]
) -> None:
    assert severity_of(label, normalised, []) == expected


@pytest.mark.parametrize(
    ("types", "category"),
    [
        ("Software and Configuration Checks/Vulnerabilities/CVE", "vulnerability"),
        ("Software and Configuration Checks/Industry and Regulatory Standards", "configuration"),
        ("TTPs/Discovery", "intrusion_detection"),
        ("", "intrusion_detection"),
    ],
)
def test_the_types_say_the_category(types: str, category: str) -> None:
    assert category_of(types) == category


def test_an_outbound_connection_starts_at_our_end() -> None:
    action = {
        "ConnectionDirection": "OUTBOUND",
        "RemoteIpDetails": {"IpAddressV4": "198.51.100.23"},
        "RemotePortDetails": {"Port": 443},
        "LocalPortDetails": {"Port": 50_210},
    }
    found = parsed(asff(Action={"NetworkConnectionAction": action}))

    assert found["destination"] == {
        "address": "198.51.100.23",
        "ip": "198.51.100.23",
        "port": 443,
    }
    assert found["source"] == {"port": 50_210}


def test_a_check_that_passed_is_a_state_and_one_that_failed_an_alert() -> None:
    kinds = [
        parsed(asff(Compliance={"Status": status}))["event"]["kind"]
        for status in ("PASSED", "FAILED")
    ]

    assert kinds == ["state", "alert"]


@pytest.mark.parametrize("findings", [[], [asff(), asff()], None, "text", {}])
def test_a_line_without_exactly_one_finding_is_rejected(findings: object) -> None:
    with pytest.raises(MalformedError) as caught:
        parsed({"findings": findings})
    assert caught.value.reason == "finding_count"


def test_one_bad_finding_of_an_event_costs_none_of_the_others() -> None:
    event = {
        "id": "e-1",
        "detail-type": "Security Hub Findings - Imported",
        "source": "aws.securityhub",
        "account": "222222222222",
        "time": "2026-03-01T12:00:00Z",
        "region": "eu-west-1",
        "detail": {"findings": [asff(Id="a"), {"Id": "no product"}, asff(Id="b")]},
    }
    outcomes = Normaliser(Routing(SOURCES)).payload(json.dumps(event).encode())

    assert [isinstance(outcome, Accepted) for outcome in outcomes] == [True, False, True]
    assert {outcome.source for outcome in outcomes} == {"securityhub"}


def test_a_link_that_is_no_url_is_kept_as_it_is() -> None:
    assert parsed(asff(SourceUrl="http://[bad"))["url"] == {"original": "http://[bad"}
