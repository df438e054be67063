"""What DNS query logs have in common: names, transports and answer codes.

Reference: https://www.iana.org/assignments/dns-parameters/dns-parameters.xhtml
"""

from typing import Any

from logcore.formats.web import domain_parts
from logcore.shape import text

TRANSPORTS = {
    "UDP": ("udp", "17"),
    "TCP": ("tcp", "6"),
    "DOH": ("tcp", "6"),
    "DOH-FIPS": ("tcp", "6"),
}
"""ECS ``network.transport`` and its number, by AWS's word; DNS over HTTPS runs over TCP."""


def host_name(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """A name in lower case without the dot at its end; the root stays a dot.

    Resolvers mix upper and lower case on purpose, to make forged answers harder:
    https://datatracker.ietf.org/doc/html/draft-vixie-dnsext-dns0x20
    """
    name = text(value)
    return name.lower().removesuffix(".") or "." if name else None


def question(name: str | None, kind: str | None, of_class: str | None = None) -> dict[str, Any]:
    """The fields of ``dns.question``; ``name`` as ``host_name`` gives it."""
    return {"name": name, "type": kind, "class": of_class, **domain_parts(name)}


def network(transport: str | None, address: str | None, malformed: list[str]) -> dict[str, Any]:
    """The fields of ``network`` for a query over ``transport`` from ``address``."""
    carried = TRANSPORTS.get(transport.upper()) if transport else None
    if transport and carried is None:
        malformed.append("transport")
    protocol, number = carried or (None, None)
    family = ("ipv6" if ":" in address else "ipv4") if address else None
    return {"protocol": "dns", "transport": protocol, "iana_number": number, "type": family}


def outcome(code: str | None) -> str:
    """ECS ``event.outcome`` of an answer code: only ``NOERROR`` is a success."""
    if code is None:
        return "unknown"
    return "success" if code == "NOERROR" else "failure"
