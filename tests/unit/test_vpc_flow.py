"""What a flow log line says ends up in the right field, whatever its format."""

from ipaddress import ip_address
from typing import Any

import pytest

from logcore.errors import ConfigurationError, MalformedError
from logcore.formats.community import community_id
from logcore.record import Document, LogRecord, Origin
from logcore.source import Source
from logcore.sources.vpc_flow import SOURCE, parse
from logcore.sources.vpc_flow.formats import BY_COLUMN_COUNT, KNOWN_FIELDS

LINE = (
    "2 222222222222 eni-0123456789abcdef0 203.0.113.12 10.0.1.5 49152 22 6 20 4249"
    " 1772366400 1772366460 ACCEPT OK"
)
COLUMNS = dict(zip(BY_COLUMN_COUNT[14].columns, LINE.split(), strict=True))


def record(
    line: str, *, log_group: str = "/aws/vpc/flow", account: str = "222222222222"
) -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account=account, log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, line, origin)


def changed(**columns: str) -> Document:
    """The document of the sample line with some columns changed."""
    return parse(record(" ".join((COLUMNS | columns).values())))


def stating(text: str, *, log_group: str = "/teams/*/flows") -> Source:
    return SOURCE.configured({"formats": {log_group: text}})


# From the specification's reference data, seed 0:
# https://github.com/corelight/community-id-spec/blob/master/baseline/baseline_deflt.json
@pytest.mark.parametrize(
    ("protocol", "source", "destination", "ports", "expected"),
    [
        (6, "128.232.110.120", "66.35.250.204", (34855, 80), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (6, "66.35.250.204", "128.232.110.120", (80, 34855), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        (17, "192.168.1.52", "8.8.8.8", (54585, 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        (132, "192.168.170.8", "192.168.170.56", (7, 7), "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="),
        (1, "192.168.0.89", "192.168.0.1", (8, 0), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
        (1, "192.168.0.1", "192.168.0.89", (0, 8), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
        (1, "10.0.0.1", "10.0.0.2", (11, 0), "1:YHxtAirCG//0OzkcVAukqKQN9xM="),
        (
            *(58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", (135, 136)),
            "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        ),
        (
            *(58, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", (3, 0)),
            "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=",
        ),
        (
            *(6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", (25, 63943)),
            "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=",
        ),
        (46, "10.1.12.1", "10.1.12.2", (0, 0), "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="),
    ],
)
def test_community_ids_are_those_of_the_specification(
    protocol: int, source: str, destination: str, ports: tuple[int, int], expected: str
) -> None:
    packed = ip_address(source).packed, ip_address(destination).packed

    assert community_id(*packed, *ports, protocol) == expected


def test_both_directions_of_a_flow_share_the_community_id() -> None:
    back = changed(srcaddr="10.0.1.5", dstaddr="203.0.113.12", srcport="22", dstport="49152")

    assert back["network"]["community_id"] == changed()["network"]["community_id"]


def test_the_window_gives_the_times() -> None:
    document = changed()

    assert document["@timestamp"] == document["event"]["end"] == "2026-03-01T12:01:00.000Z"
    assert document["event"]["start"] == "2026-03-01T12:00:00.000Z"


@pytest.mark.parametrize(
    ("action", "outcome", "verdict"),
    [("ACCEPT", "success", "allowed"), ("REJECT", "failure", "denied")],
)
def test_the_verdict_is_action_outcome_and_type(action: str, outcome: str, verdict: str) -> None:
    event = changed(action=action)["event"]

    assert (event["action"], event["outcome"]) == (action.lower(), outcome)
    assert event["type"] == ["connection", verdict]


def test_what_the_source_sent_is_the_total_of_a_flow_in_one_direction() -> None:
    document = changed()

    assert (document["source"]["bytes"], document["source"]["packets"]) == (4249, 20)
    assert (document["network"]["bytes"], document["network"]["packets"]) == (4249, 20)


@pytest.mark.parametrize("status", ["NODATA", "SKIPDATA"])
def test_a_window_that_saw_nothing_names_no_ends(status: str) -> None:
    unknown = dict.fromkeys(("srcaddr", "dstaddr", "srcport", "dstport", "protocol"), "-")
    document = changed(**unknown, packets="-", bytes="-", action="-", log_status=status)

    assert document["event"]["type"] == ["info"]
    assert document["vpcflow"]["log_status"] == status
    assert document.keys().isdisjoint({"source", "destination", "network", "related", "pipeline"})


@pytest.mark.parametrize(
    ("column", "value", "lost"),
    [
        ("srcaddr", "nowhere", ("source", "ip")),
        ("dstaddr", "10.0.0.256", ("destination", "ip")),
        ("srcport", "65536", ("source", "port")),
        ("dstport", "-1", ("destination", "port")),
        ("protocol", "256", ("network", "iana_number")),
        ("packets", "1e3", ("network", "packets")),
        ("bytes", "9223372036854775808", ("network", "bytes")),
        ("start", "1", ("event", "start")),
        ("end", "99999999999999999999", ("event", "end")),
        ("action", "MAYBE", ("event", "action")),
    ],
)
def test_a_malformed_value_costs_only_its_field(
    column: str, value: str, lost: tuple[str, str]
) -> None:
    document, whole = changed(**{column: value}), changed()
    section, field = lost

    assert document["pipeline"]["malformed"] == [column]
    assert document["aws"]["vpcflow"][column] == value
    assert field in whole[section]
    assert field not in document[section]


def test_the_highest_values_are_no_fault() -> None:
    document = changed(srcport="65535", protocol="255", bytes=str(2**63 - 1))

    assert "pipeline" not in document


def test_an_interface_of_a_service_has_no_account_of_its_own() -> None:
    assert "cloud" not in changed(account_id="unknown")


def test_the_same_line_by_two_paths_is_one_event() -> None:
    first = parse(record(LINE, log_group="/aws/vpc/flow"))
    second = parse(record(LINE, log_group="/copies/vpcflow"))

    assert first["event"]["id"] == second["event"]["id"]


def test_the_same_line_of_two_accounts_is_two_events() -> None:
    first, second = parse(record(LINE)), parse(record(LINE, account="333333333333"))

    assert first["event"]["id"] != second["event"]["id"]


def test_a_format_that_cannot_tell_flows_apart_leaves_the_identity_to_the_transport() -> None:
    narrow = stating("${srcaddr} ${dstaddr} ${bytes}")

    document = narrow.parse(record("10.0.1.5 10.0.1.6 40", log_group="/teams/a/flows"))

    assert "id" not in document["event"]


def test_a_stated_format_is_read_in_its_own_order() -> None:
    stated = stating("${bytes} ${flow-direction} ${tcp-flags} ${srcaddr} ${interface-id}")

    document = stated.parse(record("40 egress 18 10.0.1.5 eni-1", log_group="/teams/a/flows"))

    assert document["source"] == {"address": "10.0.1.5", "ip": "10.0.1.5", "bytes": 40}
    assert document["network"] == {"type": "ipv4", "direction": "egress", "bytes": 40}
    assert document["vpcflow"] == {"tcp_flags": ["syn", "ack"], "interface_id": "eni-1"}
    assert document["observer"] == {"egress": {"interface": {"id": "eni-1"}}}


def test_a_source_with_stated_formats_claims_their_groups_and_keeps_its_own() -> None:
    stated = stating("version")

    assert stated.claims(Origin(transport="cloudwatch_logs", log_group="/teams/a/flows"))
    assert stated.claims(Origin(transport="cloudwatch_logs", log_group="/aws/vpc/flow"))
    assert stated.parse(record(LINE)) == parse(record(LINE))


def test_a_line_that_does_not_fit_its_stated_format_is_rejected() -> None:
    with pytest.raises(MalformedError, match="expected 2 columns, found 14"):
        stating("srcaddr dstaddr").parse(record(LINE, log_group="/teams/a/flows"))


@pytest.mark.parametrize("count", sorted(BY_COLUMN_COUNT))
def test_each_of_the_lists_of_aws_is_told_by_its_column_count(count: int) -> None:
    filler = ["-"] * (count - 14)

    document = parse(record(" ".join([*LINE.split(), *filler])))

    assert document == changed() | {"event": document["event"]}


def test_the_longest_list_holds_every_known_field() -> None:
    longest = BY_COLUMN_COUNT[max(BY_COLUMN_COUNT)]

    assert set(longest.columns) == {name.replace("-", "_") for name in KNOWN_FIELDS}


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ("", "column_count", "expected 14 columns, found 0"),
        ("one two three four five", "column_count", "expected 14 columns, found 5"),
        (LINE.replace("OK", "FINE"), "format_unknown", "expected OK, NODATA or SKIPDATA"),
    ],
)
def test_a_line_that_fits_no_format_is_rejected_with_what_was_found(
    line: str, reason: str, detail: str
) -> None:
    with pytest.raises(MalformedError, match=detail) as caught:
        parse(record(line))

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"formats": {"/x": "${version} ${colour}"}}, "'colour'"),
        ({"formats": {"/x": "${version} ${version}"}}, "'version' stands twice"),
        ({"formats": {"/x": "  "}}, "'/x' has no field"),
        ({"formats": {"/x": 7}}, "'/x' has no field"),
        ({"formats": "version"}, "expected a table"),
        ({"format": {}}, "'format'"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_name(
    options: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named):
        SOURCE.configured(options)


@pytest.mark.parametrize(
    ("line", "recognised"),
    [
        (LINE, True),
        (LINE.replace("203.0.113.12", "2001:db8::1"), True),
        ("2 222222222222 eni-0a - - - - - - - 1772366400 1772366460 - NODATA", True),
        (f"{LINE} more", False),
        (LINE.replace("ACCEPT", "MAYBE"), False),
        (LINE.replace("2 2222", "3 2222"), False),
        ("", False),
    ],
)
def test_only_a_whole_line_in_the_default_format_is_recognised(
    line: str, *, recognised: bool
) -> None:
    assert SOURCE.recognises(record(line)) is recognised


@pytest.mark.parametrize(
    "log_group",
    ["/aws/vpc/flowlogs", "prod-vpc-flow-logs", "team/vpcflow", "Net-VpcFlowLogGroup1A2B"],
)
def test_the_usual_names_of_a_group_are_claimed(log_group: str) -> None:
    assert SOURCE.claims(Origin(transport="cloudwatch_logs", log_group=log_group))
