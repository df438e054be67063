"""The ECS document of one flow: the event, both ends, the network, and what ECS has no name for.

Built section by section from what is there, which is faster than building all and dropping what is
absent: flow logs are most of a pipeline's records.
"""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from logcore.record import Document
from logcore.shape import EARLIEST_MS, LATEST_MS, ip, unique, utc
from logcore.sources.vpc_flow.community import community_id
from logcore.sources.vpc_flow.formats import Format
from logcore.sources.vpc_flow.tables import (
    ACTIONS,
    DIRECTIONS,
    TCP_FLAGS,
    TRAFFIC_PATHS,
    TRANSPORTS,
)

_HIGHEST_PORT = 65_535
_HIGHEST_PROTOCOL = 255
_HIGHEST_COUNT = 2**63 - 1
_ALL_FLAGS = 255
_LONGEST_NUMBER = 19  # digits of 2**63 - 1

type Flow = dict[str, str]
"""The columns that hold something, by field name with underscores."""


def flow_document(flow: Flow, layout: Format) -> Document:
    """Shape one flow. A value that cannot be understood costs its own field and no other.

    ``bytes`` and ``packets`` are totals over the window from ``start`` to ``end``, which are Unix
    seconds in the line. A window without traffic (``NODATA``) or with lost data (``SKIPDATA``)
    names neither ends nor totals.
    """
    malformed: list[str] = []
    totals = _totals(flow, malformed)
    source, destination = _end(flow, "src", malformed), _end(flow, "dst", malformed)
    document: Document = {"event": _event(flow, malformed)}
    sections = {
        "source": source | totals,
        "destination": destination,
        "network": _network(flow, source, destination, malformed) | totals,
        "vpcflow": _promoted(flow, malformed),
        "related": _related(flow, source, destination),
        "aws": {"vpcflow": flow},
    }
    document |= {name: section for name, section in sections.items() if section}
    if end := document["event"].get("end"):
        document["@timestamp"] = end
    _place(flow, layout, document)
    if malformed:
        document["pipeline"] = {"malformed": malformed}
    return document


def _event(flow: Flow, malformed: list[str]) -> dict[str, Any]:
    event: dict[str, Any] = {"kind": "event", "category": ["network"], "type": ["connection"]}
    action = flow.get("action")
    if action in ACTIONS:
        event["action"], event["outcome"], verdict = ACTIONS[action]
        event["type"] = ["connection", verdict]
    elif action is not None:
        malformed.append("action")
    elif flow.get("log_status") in {"NODATA", "SKIPDATA"}:
        event["type"] = ["info"]
    for name in ("start", "end"):
        if name in flow:
            moment = _iso(flow[name])
            if moment is not None:
                event[name] = moment
            else:
                malformed.append(name)
    return event


def _end(flow: Flow, side: str, malformed: list[str]) -> dict[str, Any]:
    """Address and port of one end; ``side`` is ``src`` or ``dst``."""
    end: dict[str, Any] = {}
    address = flow.get(f"{side}addr")
    if address is not None:
        end["address"] = address
        if ip(address):
            end["ip"] = address
        else:
            malformed.append(f"{side}addr")
    port = _number(flow, f"{side}port", _HIGHEST_PORT, malformed)
    if port is not None:
        end["port"] = port
    return end


def _totals(flow: Flow, malformed: list[str]) -> dict[str, int]:
    """What the source sent; a flow has one direction, so it is the network's total as well."""
    found = {n: _number(flow, n, _HIGHEST_COUNT, malformed) for n in ("bytes", "packets")}
    return {name: number for name, number in found.items() if number is not None}


def _network(
    flow: Flow, source: dict[str, Any], destination: dict[str, Any], malformed: list[str]
) -> dict[str, Any]:
    network: dict[str, Any] = {}
    packed = _packed(source.get("ip", ""))
    if packed:
        network["type"] = "ipv4" if len(packed) == 4 else "ipv6"  # noqa: PLR2004  bytes of IPv4
    protocol = _number(flow, "protocol", _HIGHEST_PROTOCOL, malformed)
    if protocol is not None:
        network["iana_number"] = str(protocol)
        if protocol in TRANSPORTS:
            network["transport"] = TRANSPORTS[protocol]
        other = _packed(destination.get("ip", ""))
        if packed and other and "port" in source and "port" in destination:
            ports = source["port"], destination["port"]
            network["community_id"] = community_id(packed, other, *ports, protocol)
    direction = flow.get("flow_direction")
    if direction in DIRECTIONS:
        network["direction"] = direction
    elif direction is not None:
        malformed.append("flow_direction")
    return network


def _promoted(flow: Flow, malformed: list[str]) -> dict[str, Any]:
    """What dashboards aggregate and ECS has no field for; declared in ``fields.toml``."""
    promoted: dict[str, Any] = {}
    for name in ("pkt_srcaddr", "pkt_dstaddr"):
        if name in flow and ip(flow[name]):
            promoted[name] = flow[name]
        elif name in flow:
            malformed.append(name)
    if "traffic_path" in flow:
        promoted["traffic_path"] = TRAFFIC_PATHS.get(flow["traffic_path"], flow["traffic_path"])
    flags = _number(flow, "tcp_flags", _ALL_FLAGS, malformed)
    if flags:
        promoted["tcp_flags"] = _flag_names(flags)
    return promoted


def _related(flow: Flow, source: dict[str, Any], destination: dict[str, Any]) -> dict[str, Any]:
    addresses = unique(
        source.get("ip"),
        destination.get("ip"),
        ip(flow.get("pkt_srcaddr")),
        ip(flow.get("pkt_dstaddr")),
    )
    return {"ip": addresses} if addresses else {}


def _place(flow: Flow, layout: Format, document: Document) -> None:
    """Copy the columns that stand as they are in one other field."""
    for column, parents, leaf in layout.places:
        if column in flow:
            section = document
            for parent in parents:
                section = section.setdefault(parent, {})
            section[leaf] = flow[column]
    account = flow.get("account_id")
    if account not in {None, "unknown"}:  # of an interface that a service made
        document.setdefault("cloud", {})["account"] = {"id": account}
    direction = document.get("network", {}).get("direction")
    if direction and "interface_id" in flow:
        document["observer"] = {direction: {"interface": {"id": flow["interface_id"]}}}


def _number(flow: Flow, name: str, highest: int, malformed: list[str]) -> int | None:
    value = flow.get(name)
    if value is None:
        return None
    number = int(value) if value.isdecimal() and len(value) <= _LONGEST_NUMBER else -1
    if not 0 <= number <= highest:
        malformed.append(name)
        return None
    return number


@lru_cache(maxsize=4_096)
def _iso(seconds: str) -> str | None:
    """Unix seconds as ISO 8601; cached because many lines share a window."""
    time_ms = int(seconds) * 1_000 if seconds.isdecimal() and len(seconds) <= _LONGEST_NUMBER else 0
    return utc(time_ms) if EARLIEST_MS <= time_ms < LATEST_MS else None


@lru_cache(maxsize=65_536)
def _packed(address: str) -> bytes:
    """The address in network order; empty for none."""
    return ip_address(address).packed if address else b""


@lru_cache(maxsize=_ALL_FLAGS + 1)
def _flag_names(flags: int) -> list[str]:
    return [name for bit, name in TCP_FLAGS.items() if flags & bit]
