"""Route 53 Resolver query logs: which name each machine in a VPC asked for, and what it was told.

Reference: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
"""

from collections.abc import Iterator
from typing import Any

from logcore.errors import MalformedError
from logcore.formats import dns
from logcore.formats.web import hosts, peer
from logcore.record import Document, LogRecord
from logcore.shape import compact, ip, json_object, listed, obj, text, time, unique
from logcore.source import Source

REFERENCE = (
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html"
)

VERDICTS = {"BLOCK": "denied", "ALERT": "allowed", "ALLOW": "allowed"}
"""ECS ``event.type`` by what DNS Firewall did; ``ALERT`` lets the query pass."""

ALERTS = frozenset({"BLOCK", "ALERT"})
NAMING = frozenset({"CNAME", "DNAME", "NS", "PTR"})
"""Record types whose data is one host name and nothing else."""


def parse(record: LogRecord) -> Document:
    """Turn one query into an ECS network event; the record goes to ``aws.route53_resolver_logs``.

    Raises:
        MalformedError: the message is no JSON object, or one without a name that was asked for
            (``not_resolver_query``).
    """
    raw = json_object(record)
    name = dns.host_name(raw.get("query_name"))
    if name is None:
        raise MalformedError("not_resolver_query", "expected a query_name")
    malformed: list[str] = []
    source = peer(text(raw.get("srcaddr")), raw.get("srcport"), "srcaddr", malformed)
    answers = [obj(answer) for answer in listed(raw.get("answers"))]
    ids = obj(raw.get("srcids"))
    instance = text(ids.get("instance"))
    code, kind = text(raw.get("rcode")), text(raw.get("query_type"))
    document = compact(
        {
            "@timestamp": time(raw.get("query_timestamp"), "query_timestamp", malformed),
            "message": " ".join(word for word in (kind, name, code) if word),
            "event": _event(raw, code, malformed),
            "cloud": {
                "account": {"id": text(raw.get("account_id"))},
                "region": text(raw.get("region")),
                "service": {"name": "route53resolver"},
                "instance": {"id": instance},
            },
            "dns": {
                "question": dns.question(name, kind, text(raw.get("query_class"))),
                "answers": {**_answers(answers), "name": unique(*_owners(name, answers))},
                "response_code": code,
            },
            "network": dns.network(text(raw.get("transport")), source["ip"], malformed),
            "source": source,
            "rule": {
                "id": text(raw.get("firewall_domain_list_id")),
                "ruleset": text(raw.get("firewall_rule_group_id")),
            },
            "related": {
                "ip": unique(source["ip"], *(ip(text(a.get("Rdata"))) for a in answers)),
                "hosts": hosts(*_named(name, answers), instance),
            },
            "route53_resolver": {
                "firewall_action": text(raw.get("firewall_rule_action")),
                "vpc_id": text(raw.get("vpc_id")),
                "endpoint_id": text(ids.get("resolver_endpoint")),
                "network_interface": text(ids.get("resolver_network_interface")),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"route53_resolver_logs": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a query of the Resolver, whole and at its top level."""
    if '"query_name"' not in record.message or '"vpc_id"' not in record.message:
        return False
    try:
        raw = json_object(record)
    except MalformedError:
        return False
    return all(text(raw.get(key)) for key in ("query_name", "query_timestamp", "vpc_id"))


def _event(raw: dict[str, Any], code: str | None, malformed: list[str]) -> dict[str, Any]:
    """Whatever code DNS Firewall answers a blocked query with, the outcome is a failure."""
    action = text(raw.get("firewall_rule_action"))
    if action and action not in VERDICTS:
        malformed.append("firewall_rule_action")
    return {
        "kind": "alert" if action in ALERTS else "event",
        "category": ["network"],
        "type": unique("protocol", VERDICTS.get(action or "")),
        "action": action.lower() if action else "query",
        "outcome": "failure" if action == "BLOCK" else dns.outcome(code),
    }


def _answers(answers: list[dict[str, Any]]) -> dict[str, list[Any] | None]:
    """One list for each field, as the index keeps a list of objects anyway."""
    return {
        field: unique(*(text(answer.get(key)) for answer in answers))
        for field, key in (("data", "Rdata"), ("type", "Type"), ("class", "Class"))
    }


def _owners(name: str, answers: list[dict[str, Any]]) -> Iterator[str | None]:
    """The name that each answer is about, which the log leaves out: each alias leads to the next.

    Reference: https://datatracker.ietf.org/doc/html/rfc1034#section-3.6.2
    """
    owner: str | None = name
    for answer in answers:
        yield owner
        if text(answer.get("Type")) == "CNAME":
            owner = dns.host_name(answer.get("Rdata"))


def _named(name: str, answers: list[dict[str, Any]]) -> Iterator[str | None]:
    """Every host name in question and answers; the root is none."""
    targets = (dns.host_name(a.get("Rdata")) for a in answers if text(a.get("Type")) in NAMING)
    yield from (found for found in (name, *targets) if found != ".")


SOURCE = Source(
    name="route53_resolver",
    dataset="aws.route53_resolver_logs",
    reference=REFERENCE,
    log_groups=(
        "/aws/route53resolver*",
        "/aws/vendedlogs/route53resolver*",
        "/aws/vendedlogs/resolver*",
        "/aws/route53/resolver*",  # the rest of /aws/route53/ is of public zones
        "/aws/vpc/dns*",
        "*resolver-query-log*",
        "*resolver_query_log*",
        "*route53-resolver*",
        "*ResolverQueryLog*",  # as CDK names a group that nobody named
        "*vpc-dns-log*",
    ),
    objects=("*/vpcdnsquerylogs/*",),
    keys=("query_name",),
    recognises=recognises,
    parse=parse,
)
