"""What the columns of a flow log line mean, one by one.

A value that cannot be understood costs its own field and no other. ``bytes`` and ``packets`` are
totals over the window from ``start`` to ``end``, which are Unix seconds in the line.
"""

from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from logcore import identity
from logcore.codec import Plain
from logcore.formats.community import community_id
from logcore.formats.flow import DIRECTIONS, TCP_FLAGS, TRANSPORTS
from logcore.mapping import Judged
from logcore.record import LogRecord
from logcore.shape import EARLIEST_MS, LATEST_MS, ip, utc
from logcore.sources.vpc_flow.tables import ACTIONS, TRAFFIC_PATHS

_HIGHEST_PORT = 65_535
_HIGHEST_PROTOCOL = 255
_HIGHEST_COUNT = 2**63 - 1
_ALL_FLAGS = 255
_LONGEST_NUMBER = 19  # digits of 2**63 - 1


class Verdict(NamedTuple):
    """ECS ``event.action``, ``event.outcome`` and ``event.type``."""

    action: str | None
    outcome: str | None
    type: tuple[str, ...]


class Address(NamedTuple):
    """An address as the line has it, its version for ``network.type``, and in network order."""

    text: Plain
    version: Plain
    packed: bytes


class Protocol(NamedTuple):
    """IANA's number of a protocol, as the number and as ECS wants it, and its keyword."""

    value: int
    number: str
    keyword: str | None


def verdict_of(action: str | None, status: str | None, malformed: list[str]) -> Verdict:
    """What became of the traffic; a window without traffic or with lost data is only told of."""
    if action in ACTIONS:
        name, outcome, verdict = ACTIONS[action]
        return Verdict(name, outcome, ("connection", verdict))
    if action is not None:
        malformed.append("action")
    is_info = action is None and status in {"NODATA", "SKIPDATA"}
    return Verdict(None, None, ("info",) if is_info else ("connection",))


@lru_cache(maxsize=16_384)
def _iso(seconds: str) -> Plain | None:
    """Unix seconds as ISO 8601; cached because many lines share a window."""
    time_ms = int(seconds) * 1_000 if seconds.isdecimal() and len(seconds) <= _LONGEST_NUMBER else 0
    return utc(time_ms) if EARLIEST_MS <= time_ms < LATEST_MS else None


@lru_cache(maxsize=65_536)
def _address(value: str) -> Address | None:
    if ip(value) is None:
        return None
    found = ip_address(value)
    return Address(Plain(value), Plain(f"ipv{found.version}"), found.packed)


moment = Judged(_iso)
"""Unix seconds as ISO 8601."""

address = Judged(_address)
"""An address."""


def port(value: str, name: str, malformed: list[str]) -> int | None:
    """A port, 0 for protocols without."""
    if value.isdecimal() and len(value) <= _LONGEST_NUMBER:
        number = int(value)
        if number <= _HIGHEST_PORT:
            return number
    malformed.append(name)
    return None


def count(value: str, name: str, malformed: list[str]) -> int | None:
    """Bytes or packets."""
    if value.isdecimal() and len(value) <= _LONGEST_NUMBER:
        number = int(value)
        if number <= _HIGHEST_COUNT:
            return number
    malformed.append(name)
    return None


def protocol_of(value: str, name: str, malformed: list[str]) -> Protocol | None:
    """A protocol by its IANA number."""
    number = count(value, name, malformed)
    if number is None or number <= _HIGHEST_PROTOCOL:
        return None if number is None else Protocol(number, str(number), TRANSPORTS.get(number))
    malformed.append(name)
    return None


def flag_names(value: str, name: str, malformed: list[str]) -> list[str] | None:
    """The names of TCP flags that were seen in the window."""
    flags = count(value, name, malformed)
    if flags is None or flags <= _ALL_FLAGS:
        return _flag_names(flags) if flags else None
    malformed.append(name)
    return None


def direction_of(value: str, name: str, malformed: list[str]) -> str | None:
    """``ingress`` or ``egress``, seen from the interface."""
    if value not in DIRECTIONS:
        malformed.append(name)
        return None
    return value


def is_ingress(direction: str | None) -> bool | None:
    """Whether the interface received the traffic."""
    return direction == "ingress" or None


def is_egress(direction: str | None) -> bool | None:
    """Whether the interface sent the traffic."""
    return direction == "egress" or None


def path_of(number: str | None) -> str | None:
    """Way that leaving traffic takes; an unknown number stays."""
    return TRAFFIC_PATHS.get(number, number) if number else None


def account_of(value: str | None) -> str | None:
    """The account; an interface that a service made has none to speak of."""
    return None if value == "unknown" else value


def community_of(
    source: Address | None,
    destination: Address | None,
    source_port: int | None,
    destination_port: int | None,
    protocol: Protocol | None,
) -> Plain | None:
    """The Community ID of a flow of which both ends and the protocol are known."""
    if not (source and destination and protocol):
        return None
    if source_port is None or destination_port is None:
        return None
    ends = source.packed, destination.packed
    return community_id(*ends, source_port, destination_port, protocol.value)  # type: ignore[return-value]  # without a call of ``Plain``, for each line


def own_id(record: LogRecord) -> Plain:
    """The same for every copy of a line in an account, by whichever way it comes."""
    digest = identity.begun("vpcflow", record.origin.account).copy()
    digest.update(record.message.encode("utf-8", "replace"))
    return digest.hexdigest()  # type: ignore[return-value]  # likewise


@lru_cache(maxsize=_ALL_FLAGS + 1)
def _flag_names(flags: int) -> list[str]:
    return [name for bit, name in TCP_FLAGS.items() if flags & bit]
