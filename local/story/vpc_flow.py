"""VPC flow log lines in the default format of version 2.

Reference: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

import random
from dataclasses import replace
from typing import NamedTuple

from local.story.clock import Clock
from local.story.entry import LogLine, Place
from local.story.organisation import MINER_ADDRESS, MINING_POOL, SCANNER

GROUP = "/aws/vpc/flow"
TCP, UDP, ICMP = 6, 17, 1  # IANA protocol numbers
WINDOW_MS = 60_000


class Flow(NamedTuple):
    """One side of a conversation as an interface saw it."""

    interface: str
    source: str
    destination: str
    source_port: int
    destination_port: int
    protocol: int
    packets: int
    octets: int
    action: str = "ACCEPT"


def line(place: Place, time_ms: int, flow: Flow) -> LogLine:
    """One record for a window of a minute that ends at ``time_ms``."""
    end = time_ms // 1000
    text = (
        f"2 {place.account} {flow.interface} {flow.source} {flow.destination} "
        f"{flow.source_port} {flow.destination_port} {flow.protocol} {flow.packets} {flow.octets} "
        f"{end - WINDOW_MS // 1000} {end} {flow.action} OK"
    )
    return _put(place, time_ms, flow.interface, text)


def quiet(place: Place, time_ms: int, interface: str, status: str = "NODATA") -> LogLine:
    """A window without traffic or with lost data: what it cannot know is a dash."""
    end = time_ms // 1000
    text = f"2 {place.account} {interface} - - - - - - - {end - 60} {end} - {status}"
    return _put(place, time_ms, interface, text)


def smudged(place: Place, time_ms: int) -> LogLine:
    """A record with one column that is no number: the rest of it is understood all the same."""
    sound = line(
        place,
        time_ms,
        Flow("eni-0a1b2c3d4e5f60710", "198.51.100.9", "10.20.1.30", 50_001, 443, TCP, 9, 4_100),
    )
    return replace(sound, message=sound.message.replace(" 9 4100 ", " 9 4.1e3 "))


def everyday(chance: random.Random, place: Place, time_ms: int) -> LogLine:
    """Web traffic, database traffic, name look-ups, and the internet's background noise."""
    interface = f"eni-0{chance.choice('abc')}1b2c3d4e5f6071{chance.randrange(4)}"
    inside = f"10.20.{chance.randrange(4)}.{chance.randrange(10, 60)}"
    client = f"198.51.100.{chance.randrange(1, 200)}"
    high = chance.randrange(32_768, 61_000)
    packets = int(chance.lognormvariate(2.5, 1.1)) + 1
    octets = packets * chance.randrange(60, 1_400)
    kind = chance.random()
    if kind < 0.50:  # noqa: PLR2004  shares of a day's traffic
        flow = Flow(interface, client, inside, high, 443, TCP, packets, octets)
    elif kind < 0.72:  # noqa: PLR2004
        peer = f"10.20.8.{chance.randrange(5, 9)}"
        flow = Flow(interface, inside, peer, high, 5432, TCP, packets * 2, octets * 3)
    elif kind < 0.84:  # noqa: PLR2004
        flow = Flow(interface, inside, "10.20.0.2", high, 53, UDP, 2, 180)
    elif kind < 0.88:  # noqa: PLR2004
        flow = Flow(interface, client, inside, 0, 0, ICMP, 3, 252)
    else:
        port = chance.choice((22, 23, 3389, 445, 6379, 8080, 9200))
        scanner = f"203.0.113.{chance.randrange(1, 60)}"
        flow = Flow(interface, scanner, inside, high, port, TCP, 1, 44, "REJECT")
    return line(place, time_ms, flow)


def scan(chance: random.Random, place: Place, clock: Clock) -> list[LogLine]:
    """One address tries many ports on one machine within minutes, and is refused."""
    begin = clock.hours_before_end(3.4)
    interface = "eni-0a1b2c3d4e5f60710"
    return [
        line(
            place,
            begin + number * 900,
            Flow(interface, SCANNER, "10.20.1.30", 40_000 + number, port, TCP, 1, 44, "REJECT"),
        )
        for number, port in enumerate(sorted(chance.sample(range(1, 10_000), 120)))
    ]


def mining(chance: random.Random, place: Place, clock: Clock) -> list[LogLine]:
    """The miner talks to its pool every minute from its start to its end."""
    begin, end = clock.hours_before_end(2.2), clock.hours_before_end(0.7)
    interface = "eni-0badc0ffee0badc0f"
    lines = []
    for time_ms in range(begin, end, WINDOW_MS):
        packets = chance.randrange(300, 900)
        octets = packets * chance.randrange(400, 900)
        flow = Flow(interface, MINER_ADDRESS, MINING_POOL, 51_234, 3333, TCP, packets, octets)
        lines.append(line(place, time_ms, flow))
    return lines


def _put(place: Place, time_ms: int, interface: str, text: str) -> LogLine:
    return LogLine(
        place=place,
        group=GROUP,
        stream=f"{interface}-all",
        time_ms=time_ms,
        message=text,
        dataset="aws.vpcflow",
    )
