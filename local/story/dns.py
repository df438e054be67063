"""Route 53 Resolver query logs: which names the machines ask for, and what they are told.

Reference: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from local.story.clock import Clock
from local.story.entry import LogLine, Place
from local.story.organisation import MINER, MINER_ADDRESS, MINING_POOL
from logcore.codec import dump_json
from logcore.shape import utc

GROUP = "/aws/route53resolver/queries"
POOL = "pool.example.com"
MINUTE_MS = 60_000
OFFICE = 12  # look-ups from the office a place and day
_ENDPOINT = {"resolver_endpoint": "rslvr-in-0a1b2c3d4e5f60718"}
_FIREWALL = {
    "firewall_rule_group_id": "rslvr-frg-0a1b2c3d4e5f60718",
    "firewall_domain_list_id": "rslvr-fdl-0a1b2c3d4e5f60718",
}


class Query(NamedTuple):
    """One question and its answer; an empty address is no answer."""

    name: str
    kind: str
    address: str
    code: str = "NOERROR"
    firewall: str = ""


_ASKED = (
    (Query("orders.shop.example.com.", "A", "10.20.1.30"), 30),
    (Query("database.shop.example.com.", "A", "10.20.8.5"), 30),
    (Query("payments.example.net.", "A", "203.0.113.20"), 16),
    (Query("payments.example.net.", "AAAA", "2001:db8::20"), 8),
    (Query("sqs.us-east-1.amazonaws.com.", "A", "203.0.113.40"), 12),
    (Query("db.shop.example.com.", "A", "", "NXDOMAIN"), 3),
    (Query("legacy.example.org.", "A", "", "SERVFAIL"), 1),
)


def everyday(chance: random.Random, place: Place, time_ms: int) -> LogLine:
    """One look-up of one of the application's machines."""
    query = chance.choices([q for q, _ in _ASKED], [weight for _, weight in _ASKED])[0]
    number = chance.randrange(30, 34)
    asker = {"instance": f"i-0a1b2c3d4e5f607{number}"}
    return line(place, time_ms, query, f"10.20.1.{number}", asker)


def office(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """Look-ups that come from the office's own network, through an endpoint of the resolver."""
    for number in range(OFFICE):
        time_ms = clock.busy_moment(chance)
        query = _ASKED[number % 2][0]
        yield line(place, time_ms, query, f"192.0.2.{chance.randrange(10, 60)}", _ENDPOINT)


def mining(chance: random.Random, place: Place, clock: Clock) -> list[LogLine]:
    """The miner asks for its pool every few minutes: noticed by DNS Firewall, blocked at last."""
    begin, end = clock.hours_before_end(2.2), clock.hours_before_end(0.7)
    moments = range(begin, end, 5 * MINUTE_MS)
    noticed = Query(f"{POOL}.", "A", MINING_POOL, firewall="ALERT")
    blocked = Query(f"{POOL}.", "A", "", firewall="BLOCK")
    last = clock.hours_before_end(0.9)
    return [
        line(
            place,
            moment + chance.randrange(MINUTE_MS),
            noticed if moment < last else blocked,
            MINER_ADDRESS,
            {"instance": MINER},
        )
        for moment in moments
    ]


def line(place: Place, time_ms: int, query: Query, address: str, asker: dict[str, str]) -> LogLine:
    """The resolver's record of one query."""
    answers = [{"Rdata": query.address, "Type": query.kind, "Class": "IN"}] if query.address else []
    record = {
        "version": "1.100000",
        "account_id": place.account,
        "region": place.region,
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "query_timestamp": utc(time_ms // 1000 * 1000).replace(".000Z", "Z"),
        "query_name": query.name,
        "query_type": query.kind,
        "query_class": "IN",
        "rcode": query.code,
        "answers": answers,
        "srcaddr": address,
        "srcport": str(32_768 + time_ms % 28_000),
        "transport": "UDP",
        "srcids": asker,
        **(_FIREWALL | {"firewall_rule_action": query.firewall} if query.firewall else {}),
    }
    return LogLine(
        place=place,
        group=GROUP,
        stream="vpc-0a1b2c3d4e5f60718",
        time_ms=time_ms,
        message=dump_json(record).decode(),
        dataset="aws.route53_resolver_logs",
    )
