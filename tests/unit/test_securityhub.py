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
    found = parsed(asff(SourceUrl="see the console"))

    assert found["url"] == {"original": "see the console"}
    assert found["pipeline"]["malformed"] == ["url"]


@pytest.mark.parametrize(
    "change",
    [
        {"Workflow": {"Status": "SUPPRESSED"}},
        {"Note": {"Text": "Known.", "UpdatedAt": "2026-03-01T13:00:00Z"}},
        {"Severity": {"Label": "LOW"}},
        {"RecordState": "ARCHIVED"},
        {"UserDefinedFields": {"ticket": "T-1"}},
        {"VerificationState": "FALSE_POSITIVE"},
        {"Criticality": 90},
        {"ProductArn": "another product's"},
    ],
)
def test_a_state_that_leaves_the_time_as_it_was_is_a_document_of_its_own(
    change: dict[str, Any],
) -> None:
    before = asff(UpdatedAt="2026-03-01T12:00:00Z", Severity={"Label": "HIGH"})
    after = before | change

    assert parsed(before)["event"]["id"] == parsed(dict(reversed(before.items())))["event"]["id"]
    assert parsed(before)["event"]["id"] != parsed(after)["event"]["id"]


def test_a_state_in_ocsf_is_told_apart_in_the_same_way() -> None:
    finding = {"finding_info": {"uid": "f", "modified_time_dt": "2026-03-01T12:00:00Z"}}
    states = [parsed(finding | {"status": status}) for status in ("New", "New", "Suppressed")]
    ids = [state["event"]["id"] for state in states]

    assert ids[0] == ids[1] != ids[2]
    assert [state["event"]["kind"] for state in states] == ["alert", "alert", "state"]


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({}, "alert"),
        ({"Workflow": {"Status": "NOTIFIED"}}, "alert"),
        ({"Workflow": {"Status": "RESOLVED"}}, "state"),
        ({"Workflow": {"Status": "SUPPRESSED"}}, "state"),
        ({"RecordState": "ARCHIVED"}, "state"),
        ({"Compliance": {"Status": "WARNING"}}, "alert"),
    ],
)
def test_only_an_open_finding_is_an_alert(parts: dict[str, Any], kind: str) -> None:
    assert parsed(asff(**parts))["event"]["kind"] == kind


def test_the_action_counts_before_what_product_fields_repeat_of_it() -> None:
    name = "aws/guardduty/service/action/networkConnectionAction/remoteIpDetails/ipAddressV4"
    action = {"NetworkConnectionAction": {"RemoteIpDetails": {"IpAddressV4": "198.51.100.1"}}}
    fields = {name: "198.51.100.2"}

    both = parsed(asff(Action=action, ProductFields=fields))
    alone = parsed(asff(ProductFields=fields))

    assert both["source"]["ip"] == "198.51.100.1"
    assert alone["source"]["ip"] == "198.51.100.2"


def test_a_port_that_is_none_costs_only_itself() -> None:
    found = parsed(asff(Network={"SourcePort": 70_000, "DestinationPort": "443"}))

    assert found["destination"]["port"] == 443
    assert found["pipeline"]["malformed"] == ["Network.SourcePort"]


def test_each_end_of_every_evidence_is_related() -> None:
    ends = [{"src_endpoint": {"ip": "198.51.100.1"}}, {"dst_endpoint": {"ip": "198.51.100.2"}}]
    found = parsed({"finding_info": {"uid": "f"}, "evidences": ends})

    assert found["related"]["ip"] == ["198.51.100.1", "198.51.100.2"]
    assert found["source"]["ip"] == "198.51.100.1"


def test_what_every_indicator_and_probe_names_is_related() -> None:
    known = [("IPV4_ADDRESS", "198.51.100.1"), ("DOMAIN", "c2.example.net"), ("HASH_MD5", "ae2b")]
    probes = [{"RemoteIpDetails": {"IpAddressV4": f"203.0.113.{n}"}} for n in (1, 2)]
    related = parsed(
        asff(
            ThreatIntelIndicators=[{"Type": kind, "Value": value} for kind, value in known],
            Action={"PortProbeAction": {"PortProbeDetails": probes}},
        )
    )["related"]

    assert related["ip"] == ["203.0.113.1", "198.51.100.1", "203.0.113.2"]
    assert related["hosts"] == ["c2.example.net"]
    assert related["hash"] == ["ae2b"]


def test_the_user_is_who_acted_else_whose_key_it_is() -> None:
    key = {"type": "AWS::IAM::AccessKey", "uid": "ASIA1", "data": {"user_name": "deployer"}}
    actor = {"actor": {"user": {"name": "ada"}}}
    finding = {"finding_info": {"uid": "f"}, "resources": [key]}

    assert parsed(finding)["user"] == {"name": "deployer", "id": "ASIA1"}
    assert parsed(finding | {"evidences": [actor]})["user"] == {"name": "ada"}
