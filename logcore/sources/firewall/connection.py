"""The connection that an entry is about: both ends, the network, and how much went over it.

Reference: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
"""

from typing import Any

from logcore.formats import flow
from logcore.formats.web import size
from logcore.shape import obj, text, time

_NANOSECONDS = 1_000_000_000  # in a second
_LONGEST_AGE = 10**9  # seconds
_NO_PROTOCOL = frozenset({"failed", "unknown"})  # Suricata could not tell
_ICMP = frozenset({1, 58})


def connection_of(event: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The parts of the document that follow from the connection.

    Entries of the TLS log name no protocol, but TLS inspection knows TCP alone.
    """
    source = flow.end(
        text(event.get("src_ip")), event.get("src_port"), ("src_ip", "src_port"), malformed
    )
    destination = flow.end(
        text(event.get("dest_ip")), event.get("dest_port"), ("dest_ip", "dest_port"), malformed
    )
    number = _protocol(event, malformed)
    ports = (source["port"], destination["port"])
    if number in _ICMP:
        ports = _port(event, "icmp_type", malformed), _port(event, "icmp_code", malformed)
    netflow = obj(event.get("netflow") or event.get("flow"))
    totals = _totals(netflow, malformed)
    return {
        "source": {**source, **totals},
        "destination": destination,
        "network": {
            **flow.network(source["ip"], destination["ip"], number, ports),
            **totals,
            "protocol": _application(event),
        },
        "window": _window(netflow, malformed),
        "addresses": (source["ip"], destination["ip"]),
        "tcp_flags": _flags(event, malformed),
    }


def _protocol(event: dict[str, Any], malformed: list[str]) -> int | None:
    """The number of ``TCP``, ``IPv6-ICMP`` or, for protocols without a name here, ``089``."""
    name = text(event.get("proto"))
    if name is None:
        return flow.NUMBERS["tcp"] if _is_tls_log(event) else None
    if name.lower() in flow.NUMBERS:
        return flow.NUMBERS[name.lower()]
    return flow.count(name, "proto", malformed, highest=flow.HIGHEST_PROTOCOL)


def _is_tls_log(event: dict[str, Any]) -> bool:
    return "tls_error" in event or "revocation_check" in event


def _port(event: dict[str, Any], name: str, malformed: list[str]) -> int | None:
    number = size(event.get(name), name, malformed)
    return number if number is None or number <= flow.ALL_FLAGS else None  # a byte


def _application(event: dict[str, Any]) -> str | None:
    name = text(event.get("app_proto"))
    if name is None:
        return "tls" if _is_tls_log(event) else None
    return name.lower() if name not in _NO_PROTOCOL else None


def _totals(netflow: dict[str, Any], malformed: list[str]) -> dict[str, int | None]:
    """What the source sent: an entry of the flow log is one direction of a conversation."""
    names = {"bytes": "bytes", "packets": "pkts"}
    return {ecs: size(netflow.get(name), name, malformed) for ecs, name in names.items()}


def _window(netflow: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    age = size(netflow.get("age"), "age", malformed)
    return {
        "start": time(netflow.get("start"), "start", malformed),
        "end": time(netflow.get("end"), "end", malformed),
        "duration": age * _NANOSECONDS if age is not None and age < _LONGEST_AGE else None,
    }


def _flags(event: dict[str, Any], malformed: list[str]) -> list[str]:
    """Names of the flags in a byte of hexadecimal digits, such as ``1b``."""
    stated = obj(event.get("tcp")).get("tcp_flags")
    if stated is None:
        return []
    try:
        flags = int(stated, 16) if isinstance(stated, str) else -1
    except ValueError:
        flags = -1
    if not 0 <= flags <= flow.ALL_FLAGS:
        malformed.append("tcp_flags")
        return []
    return list(flow.flag_names(flags))
