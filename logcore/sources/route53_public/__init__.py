"""Route 53 query logs of public hosted zones: what the world's resolvers ask about your names.

Reference: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
"""

import re

from logcore.errors import MalformedError
from logcore.formats import dns
from logcore.formats.web import hosts, peer
from logcore.record import Document, LogRecord
from logcore.shape import compact, time, unique
from logcore.source import Source

REFERENCE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html"

COLUMNS = (
    "version",
    "query_timestamp",
    "hosted_zone_id",
    "query_name",
    "query_type",
    "response_code",
    "protocol",
    "edge_location",
    "resolver_ip",
    "edns_client_subnet",
)
"""AWS's columns in their order, under names of our own: AWS names them in words."""

_LINE = re.compile(
    r"\d+\.\d+ \d{4}-\d\d-\d\dT[\d:.]+Z Z[0-9A-Z]+ \S+ [A-Z0-9]+ [A-Za-z]+ (?:UDP|TCP)"
    r" [A-Z]{3}\d+(?:-\S+)? [0-9a-f.:]+ (?:-|[0-9a-f.:]+/\d{1,3})"
)


def parse(record: LogRecord) -> Document:
    """Turn one query into an ECS network event; the columns go to ``aws.route53_public_logs``.

    Raises:
        MalformedError: the line has not ten columns, or its second is no time: then it is some
            other log (``not_public_query``).
    """
    values = record.message.split()
    if len(values) != len(COLUMNS):
        detail = f"expected {len(COLUMNS)} columns, found {len(values)}"
        raise MalformedError("not_public_query", detail)
    query = {k: v for k, v in zip(COLUMNS, values, strict=True) if v != "-"}
    malformed: list[str] = []
    moment = time(query.get("query_timestamp"), "query_timestamp", malformed)
    if moment is None:
        detail = f"expected ISO 8601 in column 2, found {values[1][:40]!r}"
        raise MalformedError("not_public_query", detail)
    source = peer(query.get("resolver_ip"), None, "resolver_ip", malformed)
    name = dns.host_name(query.get("query_name"))
    code, kind = query.get("response_code"), query.get("query_type")
    document = compact(
        {
            "@timestamp": moment,
            "message": record.message,
            "event": {
                "kind": "event",
                "category": ["network"],
                "type": ["protocol"],
                "action": "query",
                "outcome": dns.outcome(code),
            },
            "cloud": {"service": {"name": "route53"}},
            "dns": {"question": dns.question(name, kind), "response_code": code},
            "network": dns.network(query.get("protocol"), source["ip"], malformed),
            "source": source,
            "related": {"ip": unique(source["ip"]), "hosts": hosts(name if name != "." else None)},
            "route53_public": {
                "hosted_zone_id": query.get("hosted_zone_id"),
                "edge_location": query.get("edge_location"),
                "edns_client_subnet": query.get("edns_client_subnet"),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"route53_public_logs": query}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the message is such a line, to the last column."""
    return _LINE.fullmatch(record.message) is not None


SOURCE = Source(
    name="route53_public",
    dataset="aws.route53_public_logs",
    reference=REFERENCE,
    log_groups=("/aws/route53/*",),
    marks=("P ",),
    recognises=recognises,
    parse=parse,
)
"""Stands below ``route53_resolver`` in the registry, which claims ``/aws/route53/resolver*``."""
