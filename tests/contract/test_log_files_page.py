"""The deploy page's example for CloudFront delivers what the core reads, by real CloudFormation."""

import json
import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs

from app import ROOT
from infra.constructs.objects.vended_delivery import delivery_arn
from logcore.normalise import Normaliser
from logcore.objects.outcomes import object_outcomes
from logcore.objects.reader import origin_of
from logcore.record import Accepted
from logcore.registry import SOURCES
from logcore.routing import Routing

PAGE = (ROOT / "docs" / "deploy" / "log-files.md").read_text(encoding="utf-8")
KEY = "AWSLogs/222222222222/CloudFront/E2EXAMPLE.2026-03-01-12.a1b2c3d4.gz"
VALUES = {
    "timestamp(ms)": "1772366459123",
    "date": "2026-03-01",
    "time": "12:00:59",
    "c-ip": "198.51.100.7",
    "c-port": "46532",
    "sc-status": "200",
    "cs-method": "GET",
    "x-edge-request-id": "k6WGMNkEzR5BEM_SaF47gjtX9zBDO2m349OY2an0QPEaUum1ZOLrow==",
}


@pytest.fixture(scope="module")
def delivery() -> dict[str, Any]:
    """The delivery that the example makes, as CloudFormation gets it."""
    (example,) = re.findall(r"```python\n(source = .*?)```", PAGE, re.DOTALL)
    stack = cdk.Stack(cdk.App(), "Example", env=cdk.Environment(region="us-east-1"))
    distribution = type("Distribution", (), {"distribution_arn": "arn:aws:cloudfront::x"})
    exec(example, {"self": stack, "logs": logs, "distribution": distribution})  # noqa: S102  our own page
    app = stack.node.root
    assert isinstance(app, cdk.App)
    resources = app.synth().get_stack_by_name("Example").template["Resources"].values()
    (found,) = [r for r in resources if r["Type"] == "AWS::Logs::Delivery"]
    properties: dict[str, Any] = found["Properties"]
    return properties


def test_the_example_delivers_to_the_destination_that_is_deployed(delivery: dict[str, Any]) -> None:
    assert delivery["DeliveryDestinationArn"] == delivery_arn("111111111111", "us-east-1", "aws")


def test_what_the_example_delivers_is_read(delivery: dict[str, Any]) -> None:
    record = {field: VALUES.get(field, "-") for field in delivery["RecordFields"]}
    normaliser, origin = Normaliser(Routing(SOURCES)), origin_of("central-logs", KEY, "e1")

    body = f"{json.dumps(record)}\n".encode()
    ((_, [found]),) = object_outcomes(normaliser, [body], origin, 1_772_366_520_000, first=1)

    assert isinstance(found, Accepted)
    assert found.document["event"]["dataset"] == "aws.cloudfront_logs"
    assert found.document["event"]["id"] == VALUES["x-edge-request-id"]
    assert found.document["@timestamp"].startswith("2026-03-01T12:00:59.123")
    assert found.document["cloud"]["account"]["id"] == "222222222222"
    assert "malformed" not in found.document.get("pipeline", {})
