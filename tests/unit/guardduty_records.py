"""GuardDuty findings for the tests of their source, and what becomes of them."""

import json
from typing import Any

from logcore.record import Document, LogRecord, Origin
from logcore.sources.guardduty import parse

ARN = "arn:aws:guardduty:eu-west-1:222222222222:detector/1/finding/2"
REMOTE = {
    "ipAddressV4": "198.51.100.23",
    "ipAddressV6": "",
    "organization": {"asn": "64496", "asnOrg": "Example Net"},
    "country": {"countryName": "Ireland", "countryCode": "IE"},
    "city": {"cityName": "Dublin"},
    "geoLocation": {"lat": 53.33, "lon": -6.24},
}
INSTANCE = {
    "instanceId": "i-0123456789abcdef0",
    "networkInterfaces": [{"privateIpAddress": "10.0.1.5", "publicIp": "203.0.113.7"}],
}


def line(message: str, log_group: str = "guardduty-findings") -> LogRecord:
    origin = Origin(transport="cloudwatch_logs", account="222222222222", log_group=log_group)
    return LogRecord("0", 0, message, origin)


def finding(**parts: Any) -> dict[str, Any]:
    whole = {"id": "f1", "type": "Recon:EC2/Portscan", "severity": 5, "arn": ARN}
    return whole | {"updatedAt": "2026-03-01T12:05:00.000Z", "service": {}} | parts


def document(**parts: Any) -> Document:
    return parse(line(json.dumps(finding(**parts))))


def acting(section: str, details: object, **service: Any) -> Document:
    """The document of a finding about an instance with one action section."""
    service["action"] = {"actionType": "X", section: details}
    return document(resource={"instanceDetails": INSTANCE}, service=service)


def malformed(found: Document) -> list[str]:
    names: list[str] = found.get("pipeline", {}).get("malformed", [])
    return names
