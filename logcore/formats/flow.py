"""What flow records have in common: protocols, TCP flags, ends, and what follows from both ends."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from logcore.formats.community import NEEDS_PORTS, community_id
from logcore.formats.web import port
from logcore.shape import EARLIEST_MS, LATEST_MS, ip, utc

HIGHEST_PROTOCOL = 255
ALL_FLAGS = 255
_LONGEST_NUMBER = 19  # digits of 2**63 - 1
_HIGHEST_COUNT = 2**63 - 1

TRANSPORTS = {
    0: "hopopt",
    1: "icmp",
    2: "igmp",
    4: "ipv4",
    6: "tcp",
    8: "egp",
    17: "udp",
    33: "dccp",
    41: "ipv6",
    43: "ipv6-route",
    44: "ipv6-frag",
    46: "rsvp",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "ipv6-icmp",
    59: "ipv6-nonxt",
    60: "ipv6-opts",
    88: "eigrp",
    89: "ospf",
    94: "ipip",
    97: "etherip",
    103: "pim",
    108: "ipcomp",
    112: "vrrp",
    115: "l2tp",
    132: "sctp",
    136: "udplite",
    137: "mpls-in-ip",
}
"""Protocol keyword, lower case, by number: https://www.iana.org/assignments/protocol-numbers"""

NUMBERS = {name: number for number, name in TRANSPORTS.items()}
"""The other way round: number by keyword."""

TCP_FLAGS = {1: "fin", 2: "syn", 4: "rst", 8: "psh", 16: "ack", 32: "urg", 64: "ece", 128: "cwr"}
"""Name of each bit: RFC 9293, section 3.1. A window's flags are OR-ed together."""

DIRECTIONS = frozenset({"ingress", "egress"})


def count(
    value: str | None, name: str, malformed: list[str], *, highest: int = _HIGHEST_COUNT
) -> int | None:
    """A number in decimal digits from 0 to ``highest``; ``None`` stays ``None``."""
    if value is None:
        return None
    number = int(value) if value.isdecimal() and len(value) <= _LONGEST_NUMBER else -1
    if not 0 <= number <= highest:
        malformed.append(name)
        return None
    return number


def moment(seconds: str | None, name: str, malformed: list[str]) -> str | None:
    """Unix seconds as ISO 8601; ``None`` stays ``None``."""
    if seconds is None:
        return None
    found = _moment(seconds)
    if found is None:
        malformed.append(name)
    return found


@lru_cache(maxsize=4_096)
def _moment(seconds: str) -> str | None:
    """Cached because many lines share a window."""
    time_ms = int(seconds) * 1_000 if seconds.isdecimal() and len(seconds) <= _LONGEST_NUMBER else 0
    return utc(time_ms) if EARLIEST_MS <= time_ms < LATEST_MS else None


def end(
    address: str | None,
    at: Any,  # noqa: ANN401  any JSON
    names: tuple[str, str],
    malformed: list[str],
) -> dict[str, Any]:
    """Address and port of one end; ``names`` are those of the two columns."""
    found = ip(address)
    if address and not found:
        malformed.append(names[0])
    return {"address": address, "ip": found, "port": port(at, names[1], malformed)}


def network(
    source: str | None, destination: str | None, protocol: int | None, ports: tuple[Any, Any]
) -> dict[str, Any]:
    """The fields of ``network`` that follow from both ends of a flow.

    Args:
        source: Address of the sender.
        destination: Address of the receiver.
        protocol: IANA number.
        ports: Of sender and receiver; for ICMP the message's type and code. Either may be ``None``.
    """
    return {
        "type": ("ipv6" if ":" in source else "ipv4") if source else None,
        "iana_number": None if protocol is None else str(protocol),
        "transport": None if protocol is None else TRANSPORTS.get(protocol),
        "community_id": _community_id(source, destination, protocol, ports),
    }


def _community_id(
    source: str | None, destination: str | None, protocol: int | None, ports: tuple[Any, Any]
) -> str | None:
    if not source or not destination or protocol is None:
        return None
    if None in ports and protocol in NEEDS_PORTS:
        return None
    known = (ports[0] or 0, ports[1] or 0)
    return community_id(_packed(source), _packed(destination), *known, protocol)


@lru_cache(maxsize=65_536)
def _packed(address: str) -> bytes:
    """The address in network order."""
    return ip_address(address).packed


@lru_cache(maxsize=ALL_FLAGS + 1)
def flag_names(flags: int) -> tuple[str, ...]:
    """Names of the bits that are set in a byte of TCP flags."""
    return tuple(name for bit, name in TCP_FLAGS.items() if flags & bit)
