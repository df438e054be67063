"""What was seen happening in a GuardDuty finding: from where, to where, and by whom."""

import json
from typing import Any

import pytest

from tests.unit.guardduty_records import REMOTE, acting, document, malformed


@pytest.mark.parametrize(
    ("direction", "source", "destination", "network"),
    [
        ("INBOUND", "198.51.100.23", "10.0.1.5", "inbound"),
        ("OUTBOUND", "10.0.1.5", "198.51.100.23", "outbound"),
        ("UNKNOWN", "198.51.100.23", "10.0.1.5", "unknown"),
        (None, "198.51.100.23", "10.0.1.5", "unknown"),
    ],
)
def test_a_connection_runs_in_its_direction(
    direction: str | None, source: str, destination: str, network: str
) -> None:
    details = {"connectionDirection": direction, "remoteIpDetails": REMOTE, "protocol": "TCP"}
    found = acting("networkConnectionAction", details)

    assert (found["source"]["ip"], found["destination"]["ip"]) == (source, destination)
    assert found["network"] == {"transport": "tcp", "direction": network}
    assert found["event"]["category"] == ["intrusion_detection", "network"]


def test_the_far_end_has_its_place_and_its_network_and_ours_its_public_address() -> None:
    details = {"connectionDirection": "INBOUND", "remoteIpDetails": REMOTE}
    found = acting("networkConnectionAction", details)

    assert found["source"]["geo"] == {
        "city_name": "Dublin",
        "country_name": "Ireland",
        "country_iso_code": "IE",
        "location": "53.33,-6.24",
    }
    assert found["source"]["as"] == {"number": 64496, "organization": {"name": "Example Net"}}
    assert found["destination"]["nat"] == {"ip": "203.0.113.7"}
    assert found["related"]["ip"] == ["198.51.100.23", "10.0.1.5", "203.0.113.7"]


def test_what_is_malformed_of_a_far_end_is_named_each_time_it_comes() -> None:
    details = {"remoteIpDetails": REMOTE | {"organization": {"asn": "none of ours"}}}

    for _ in range(2):
        found = acting("awsApiCallAction", details)
        assert malformed(found) == ["organization.asn"]
        assert "as" not in found["source"]


@pytest.mark.parametrize("isp", ["long" * 1_000, json.loads("[" * 500 + "]" * 500)])
def test_a_far_end_that_cannot_be_remembered_is_understood_all_the_same(isp: Any) -> None:
    plain = acting("rdsLoginAttemptAction", {"remoteIpDetails": REMOTE})
    found = acting("rdsLoginAttemptAction", {"remoteIpDetails": REMOTE | {"isp": isp}})

    assert found["source"] == plain["source"]


@pytest.mark.parametrize(
    ("blocked", "verdicts"), [(True, {"denied"}), (False, {"allowed"}), (None, set())]
)
def test_a_connection_says_whether_it_was_let_through(blocked: object, verdicts: set[str]) -> None:
    found = acting("networkConnectionAction", {"blocked": blocked, "protocol": "TCP"})

    assert set(found["event"]["type"]) & {"allowed", "denied"} == verdicts


def test_of_several_probes_the_first_is_the_source_and_all_are_related() -> None:
    probes = [
        {"remoteIpDetails": REMOTE, "localPortDetails": {"port": 22}},
        {"remoteIpDetails": {"ipAddressV6": "2001:db8::23"}, "localPortDetails": {"port": 23}},
    ]
    found = acting("portProbeAction", {"portProbeDetails": probes})

    assert found["source"]["ip"] == "198.51.100.23"
    assert found["destination"]["port"] == 22
    assert {"198.51.100.23", "2001:db8::23"} <= set(found["related"]["ip"])


def test_a_lookup_names_its_question_and_the_list_that_knew_it() -> None:
    lists = {"threatIntelligenceDetails": [{"threatListName": "L", "threatNames": ["Botnet"]}]}
    details = {"domain": "c2.example.com", "protocol": "UDP"}
    found = acting("dnsRequestAction", details, evidence=lists)

    assert found["dns"]["question"]["name"] == "c2.example.com"
    assert found["network"] == {"transport": "udp", "protocol": "dns"}
    assert found["threat"]["indicator"] == {
        "provider": ["L"],
        "type": "domain-name",
        "name": "c2.example.com",
    }
    assert found["guardduty"]["threat_names"] == ["Botnet"]


@pytest.mark.parametrize(
    ("address", "kind"), [("198.51.100.23", "ipv4-addr"), ("2001:db8::23", "ipv6-addr")]
)
def test_an_address_that_a_threat_list_knew_is_the_indicator(address: str, kind: str) -> None:
    details = {"remoteIpDetails": {"ipAddressV4": address}}
    extra = {"threatListName": "Tor", "threatName": "Exit node"}
    found = acting("awsApiCallAction", details, additionalInfo=extra)

    assert found["threat"]["indicator"] == {
        "provider": ["Tor"],
        "type": kind,
        "name": address,
        "ip": address,
    }


def test_a_call_names_its_service_its_error_and_the_account_it_came_from() -> None:
    details = {
        "serviceName": "s3.amazonaws.com",
        "errorCode": "AccessDenied",
        "userAgent": "aws-cli/2",
        "remoteIpDetails": REMOTE,
        "remoteAccountDetails": {"accountId": "444444444444"},
    }
    found = acting("awsApiCallAction", details)

    assert found["service"]["name"] == "s3.amazonaws.com"
    assert found["error"]["code"] == "AccessDenied"
    assert found["user_agent"]["original"] == "aws-cli/2"
    assert found["guardduty"]["remote_account_id"] == "444444444444"


def test_a_kubernetes_call_names_request_status_and_every_caller() -> None:
    details = {"requestUri": "/api/v1/secrets", "statusCode": 403, "sourceIPs": ["192.0.2.9", "?"]}
    found = acting("kubernetesApiCallAction", details)

    assert found["url"]["original"] == "/api/v1/secrets"
    assert found["http"]["response"]["status_code"] == 403
    assert "192.0.2.9" in found["related"]["ip"]


def test_a_database_sign_in_is_an_authentication() -> None:
    found = acting("rdsLoginAttemptAction", {"remoteIpDetails": REMOTE})

    assert found["event"]["category"] == ["intrusion_detection", "authentication"]
    assert found["source"]["ip"] == "198.51.100.23"


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ({"action": {"actionType": "PORT_PROBE"}}, "PORT_PROBE"),
        ({"action": None, "detection": {"sequence": {"uid": "s"}}}, "ATTACK_SEQUENCE"),
        ({"action": {}, "runtimeDetails": {"process": {}}}, "RUNTIME"),
        ({"malwareScanDetails": {"threats": []}}, "MALWARE_SCAN"),
        ({"ebsVolumeScanDetails": {"scanId": "s"}}, "EBS_MALWARE_SCAN"),
        ({"detection": {"anomaly": {}}}, None),
    ],
)
def test_a_finding_without_an_action_is_called_by_what_it_has(
    service: dict[str, Any], action: str | None
) -> None:
    assert document(service=service)["event"].get("action") == action
