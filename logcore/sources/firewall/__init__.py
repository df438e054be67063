"""AWS Network Firewall: what its rules alerted on or dropped, which flows it saw, which TLS failed.

Reference: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
"""

import re
from typing import Any

from logcore.errors import MalformedError
from logcore.formats.web import hosts
from logcore.record import Document, LogRecord
from logcore.shape import (
    EARLIEST_MS,
    LATEST_MS,
    compact,
    integer,
    json_object,
    milliseconds,
    obj,
    text,
    unique,
    utc,
)
from logcore.source import Source
from logcore.sources.firewall.application import application_of
from logcore.sources.firewall.connection import connection_of
from logcore.sources.firewall.verdict import categories_of, event_of, kind_of, rule_of, sentence

REFERENCE = "https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html"

_ZONE = re.compile(r"([a-z]{2,4}(?:-[a-z]+)+-\d+)[a-z]")
"""The name of an Availability Zone around the region's; a Local Zone's name has more."""


def parse(record: LogRecord) -> Document:
    """Turn one alert, flow or TLS entry into an ECS event; the entry goes to ``aws.firewall_logs``.

    Raises:
        MalformedError: the message is no JSON object, or one without a firewall and its event
            (``not_firewall``).
    """
    raw = json_object(record)
    if not _is_firewall(raw):
        raise MalformedError("not_firewall", "expected a firewall_name and an event")
    event = raw["event"]
    malformed: list[str] = []
    connection = connection_of(event, malformed)
    application = application_of(event, malformed)
    zone = text(raw.get("availability_zone"))
    region = _ZONE.fullmatch(zone or "")
    document = compact(
        {
            "@timestamp": _time(raw, malformed),
            "message": sentence(event, application["host"]),
            "event": {**event_of(event, malformed), **connection["window"]},
            "rule": rule_of(event),
            "cloud": {
                "availability_zone": zone,
                "region": region[1] if region else None,
                "service": {"name": "network-firewall"},
            },
            "observer": {
                "name": text(raw.get("firewall_name")),
                "type": "firewall",
                "vendor": "AWS",
                "product": "Network Firewall",
            },
            "source": connection["source"],
            "destination": {**connection["destination"], **application["destination"]},
            "network": connection["network"],
            "http": application["http"],
            "url": application["url"],
            "user_agent": {"original": application["user_agent"]},
            "dns": application["dns"],
            "tls": application["tls"],
            "related": {
                "ip": unique(*connection["addresses"], *application["addresses"]),
                "hosts": hosts(*application["hosts"]),
                "hash": unique(application["certificate_hash"]),
            },
            "firewall": {
                "log": kind_of(event),
                "flow_id": _flow_id(event),
                "verdict": text(obj(event.get("verdict")).get("action")),
                "categories": categories_of(raw, malformed),
                "tls_inspected": True if event.get("tls_inspected") is True else None,
                "tcp_flags": connection["tcp_flags"],
                "revocation_status": text(obj(event.get("revocation_check")).get("status")),
            },
            "pipeline": {"malformed": list(dict.fromkeys(malformed))},
        }
    )
    document["aws"] = {"firewall_logs": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a firewall's entry, whole and at its top level."""
    if '"firewall_name"' not in record.message or '"event_timestamp"' not in record.message:
        return False
    try:
        return _is_firewall(json_object(record))
    except MalformedError:
        return False


def _is_firewall(raw: dict[str, Any]) -> bool:
    return text(raw.get("firewall_name")) is not None and bool(obj(raw.get("event")))


def _time(raw: dict[str, Any], malformed: list[str]) -> str | None:
    """The event's own time, to the microsecond in the log; else when the entry was made."""
    own = raw["event"].get("timestamp")
    found = milliseconds(own)
    if own is not None and found is None:
        malformed.append("timestamp")
    if found is None:
        made = integer(raw.get("event_timestamp"), "event_timestamp", malformed)
        found = None if made is None else made * 1_000
    if found is None or EARLIEST_MS <= found < LATEST_MS:
        return None if found is None else utc(found)
    malformed.append("event_timestamp")
    return None


def _flow_id(event: dict[str, Any]) -> str | None:
    """As text: the numbers of flows go beyond what JavaScript, and so a dashboard, can count."""
    number = event.get("flow_id")
    return str(number) if type(number) is int else text(number)


SOURCE = Source(
    name="firewall",
    dataset="aws.firewall_logs",
    reference=REFERENCE,
    log_groups=(
        "/aws/network-firewall/*",
        "/aws/networkfirewall/*",
        "/aws/vendedlogs/network-firewall*",
        "*network-firewall-alert*",
        "*network-firewall-flow*",
        "*network-firewall-tls*",
        "*network-firewall-log*",
        "*networkfirewall-log*",
        "*NetworkFirewallAlert*",  # as CDK names a group that nobody named
        "*NetworkFirewallFlow*",
        "*NetworkFirewallLog*",
    ),
    keys=("firewall_name",),
    recognises=recognises,
    parse=parse,
)
