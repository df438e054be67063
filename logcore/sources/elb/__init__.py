"""Elastic Load Balancing: requests, connections and health checks of every kind of load balancer.

Reference: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
"""

import re

from logcore.record import Document, LogRecord
from logcore.source import Source
from logcore.sources.elb.document import elb_document
from logcore.sources.elb.formats import ALB_HEALTH, read
from logcore.sources.elb.health import health_document

REFERENCE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html"

_ACCESS_LINE = re.compile(
    r"(?:(?:https?|h2|grpcs|wss?) \S+Z app/\S+ |tls \d\.\d \S+ net/\S+ \S+ )\S+:\d+ "
)


def parse(record: LogRecord) -> Document:
    """Turn one entry of a load balancer's log into an ECS web or network event.

    What writes it follows from its shape: an access log of an application, network or classic load
    balancer, or a connection or health check log of an application load balancer; as a line or as a
    JSON object.

    Raises:
        MalformedError: see ``logcore.sources.elb.formats.read``.
    """
    found = read(record)
    is_check = found.layout is ALB_HEALTH
    document = health_document(found.entry) if is_check else elb_document(found.entry, found.layout)
    document["aws"] = {"elb_logs": found.raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether the message is an access line that names an application or network load balancer."""
    return _ACCESS_LINE.match(record.message) is not None


SOURCE = Source(
    name="elb",
    dataset="aws.elb_logs",
    reference=REFERENCE,
    log_groups=(
        "/aws/vendedlogs/elasticloadbalancing*",  # what the console proposes for delivery
        "/aws/vendedlogs/ElasticLoadBalancing*",
        "/aws/vendedlogs/elb*",
        "/aws/vendedlogs/alb*",
        "/aws/vendedlogs/nlb*",
        "/aws/elasticloadbalancing*",
        "/aws/elb/*",
        "/aws/alb/*",
        "/aws/nlb/*",
        "*alb-access*",
        "*nlb-access*",
        "*elb-access*",
        "*alb-connection*",
        "*alb-health*",
    ),
    objects=("*/elasticloadbalancing/*",),
    marks=("/",),
    recognises=recognises,
    parse=parse,
)
