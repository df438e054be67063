"""What a transit gateway's line says ends up in the right field, whatever its format."""

import pytest

from logcore.errors import ConfigurationError, MalformedError
from logcore.record import Document, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.sources.transit_gateway import SOURCE, parse, recognises
from logcore.sources.transit_gateway.formats import AWS_ORDER

LINE = (
    "6 TransitGateway 111111111111 tgw-0a1b2c3d4e5f60718 tgw-attach-0aaaaaaaaaaaaaaa1"
    " 222222222222 333333333333 vpc-0aaaaaaaaaaaaaaa1 vpc-0bbbbbbbbbbbbbbb2"
    " subnet-0aaaaaaaaaaaaaaa1 subnet-0bbbbbbbbbbbbbbb2 eni-0aaaaaaaaaaaaaaa1"
    " eni-0bbbbbbbbbbbbbbb2 euw1-az1 euw1-az2 tgw-attach-0bbbbbbbbbbbbbbb2 10.1.0.5 10.2.0.9"
    " 49152 5432 6 22 18400 1772366400 1772366460 OK IPv4 0 0 0 0 19 eu-west-1 ingress - -"
)
COLUMNS = dict(zip(AWS_ORDER, LINE.split(), strict=True))


def record(line: str, log_group: str = "/aws/tgw/flow") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="111111111111", log_group=log_group)
    return LogRecord("0", 1_772_366_470_000, line, origin)


def changed(**columns: str) -> Document:
    """The document of the sample line with some columns changed."""
    names = {name.replace("_", "-"): value for name, value in columns.items()}
    return parse(record(" ".join((COLUMNS | names).values())))


@pytest.mark.parametrize(
    ("columns", "outcome", "reason"),
    [
        ({}, "success", None),
        ({"packets_lost_blackhole": "3"}, "failure", "blackhole"),
        (
            {"packets_lost_no_route": "1", "packets_lost_ttl_expired": "2"},
            "failure",
            "no_route, ttl_expired",
        ),
        ({"packets_lost_blackhole": "some"}, "unknown", None),
    ],
)
def test_a_lost_packet_is_a_failure_and_says_why(
    columns: dict[str, str], outcome: str, reason: str | None
) -> None:
    event = changed(**columns)["event"]

    assert (event["outcome"], event.get("reason")) == (outcome, reason)


def test_losses_of_every_reason_are_added_up() -> None:
    flow = changed(packets_lost_no_route="1", packets_lost_mtu_exceeded="5")["tgwflow"]

    assert flow["packets_lost"] == 6


def test_a_format_without_losses_has_no_outcome() -> None:
    text = "${tgw-id} ${srcaddr} ${dstaddr} bytes"
    source = SOURCE.configured({"formats": {"/teams/hub/*": text}})

    document = source.parse(record("tgw-0a 10.1.0.5 10.2.0.9 420", "/teams/hub/flows"))

    assert "outcome" not in document["event"]
    assert document["source"]["bytes"] == 420
    assert document["observer"]["name"] == "tgw-0a"


def test_a_stated_format_claims_its_log_groups() -> None:
    source = SOURCE.configured({"formats": {"/teams/hub/*": "${tgw-id}"}})

    assert source.claims(Origin(transport="cloudwatch_logs", log_group="/teams/hub/flows"))


def test_a_line_without_a_direction_is_no_identity_of_its_own() -> None:
    """A flow may enter and leave by one attachment, in two lines that differ in nothing else."""
    names = [name for name in AWS_ORDER if name != "flow-direction"]
    source = SOURCE.configured({"formats": {"*": " ".join(names)}})
    line = " ".join(COLUMNS[name] for name in names)

    assert "id" not in source.parse(record(line))["event"]
    assert parse(record(LINE))["event"]["id"] == parse(record(LINE))["event"]["id"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"format": {}}, "option_unknown"),
        ({"formats": "all"}, "format_unusable"),
        ({"formats": {"*": " "}}, "format_unusable"),
        ({"formats": {"*": "${tgw-id} ${vpc-id}"}}, "flow_field_unknown"),
        ({"formats": {"*": "${tgw-id} tgw-id"}}, "flow_field_twice"),
    ],
)
def test_a_format_that_cannot_be_used_is_refused_at_the_start(
    options: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        SOURCE.configured(options)

    assert caught.value.reason == reason


def test_both_directions_of_a_conversation_have_one_community_id() -> None:
    there = changed()
    back = changed(srcaddr="10.2.0.9", dstaddr="10.1.0.5", srcport="5432", dstport="49152")

    assert there["network"]["community_id"] == back["network"]["community_id"]


def test_a_line_of_an_interface_is_rejected() -> None:
    with pytest.raises(MalformedError) as caught:
        changed(resource_type="VPC")

    assert caught.value.reason == "format_unknown"


def test_a_line_is_recognised_to_its_last_column() -> None:
    assert recognises(record(LINE))
    assert not recognises(record(f"{LINE} more"))
    assert not recognises(record(LINE.replace(" OK ", " FINE ")))


@pytest.mark.parametrize(
    "group", ["tgw-flow-logs", "/prod/transit-gateway-flow-logs", "HubTgwFlowLogs1A2B"]
)
def test_its_groups_are_not_taken_for_vpc_flow_logs(group: str) -> None:
    assert Routing(SOURCES).source_for(record(LINE, group)).name == "transit_gateway"
