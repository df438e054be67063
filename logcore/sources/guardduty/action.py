"""What was seen happening: connections, probes, lookups, calls and sign-ins, as ECS fields.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Action.html
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from logcore.codec import Json, Plain
from logcore.shape import integer, ip, listed, obj, text, unique
from logcore.sources.guardduty.place import (
    NOWHERE,
    End,
    address_of,
    local_end,
    remote_end,
    with_port,
    written,
)

type Section = dict[str, Any]
"""A part of the finding."""


class Action(NamedTuple):
    """The one section of an action that says what was seen happening.

    Attributes:
        name: ``portProbeAction``, for example.
        details: What stands in it.
    """

    name: str | None
    details: Section


NOTHING = Action(None, {})


class Ends(NamedTuple):
    """Who spoke to whom.

    Attributes:
        source: ECS ``source``.
        destination: ECS ``destination``.
        addresses: For ``related.ip``: all of them, then ours before a translation.
        remote: Address of the far end, whichever side of the traffic it is.
    """

    source: Json
    destination: Json
    addresses: list[str | None]
    remote: Plain | None


NOBODY = Json("")

type Reader = Callable[[Section, End, list[str]], Ends]
"""Reads one action section, given what our end is unless the section says it."""

CATEGORIES = {
    "networkConnectionAction": "network",
    "portProbeAction": "network",
    "dnsRequestAction": "network",
    "rdsLoginAttemptAction": "authentication",
}
"""Additions to ECS ``event.category``."""

TYPES = {
    "networkConnectionAction": "connection",
    "portProbeAction": "connection",
    "dnsRequestAction": "protocol",
}
"""Additions to ECS ``event.type``."""

VERDICTS = {True: "denied", False: "allowed"}
"""Another one, by what the finding calls ``blocked``: whether a security group let it pass."""

DIRECTIONS = {"INBOUND": "inbound", "OUTBOUND": "outbound"}
"""ECS ``network.direction`` of a connection."""

UNNAMED: dict[str, tuple[str, ...]] = {
    "ATTACK_SEQUENCE": ("detection", "sequence"),
    "RUNTIME": ("runtimeDetails",),
    "MALWARE_SCAN": ("malwareScanDetails",),
    "EBS_MALWARE_SCAN": ("ebsVolumeScanDetails",),
}
"""What ``event.action`` calls findings without an action, by the section they have instead."""


def action_of(action: Section) -> Action:
    """The section that tells; what else there is may be empty."""
    for name in READERS:
        if name in action and (details := obj(action[name])):
            return Action(name, details)
    return NOTHING


def unnamed(service: Section) -> str | None:
    """Our own name of what findings without an action are about."""
    return next((name for name, sections in UNNAMED.items() if _has(service, sections)), None)


def _has(service: Section, sections: tuple[str, ...]) -> bool:
    for section in sections:
        service = obj(service.get(section))
    return bool(service)


def categories_of(kind: str, action: str | None) -> list[str] | None:
    """ECS ``event.category``."""
    return unique(kind, CATEGORIES.get(action or ""))


def types_of(action: str | None, verdict: str | None) -> list[str] | None:
    """ECS ``event.type``."""
    kind = TYPES.get(action or "")
    return unique("info", kind, verdict if kind else None)


def verdict_of(blocked: Any) -> str | None:  # noqa: ANN401  any JSON
    """Whether it was let through, where that is said."""
    return VERDICTS[blocked] if isinstance(blocked, bool) else None


def network_of(action: str | None, protocol: str | None, direction: str | None) -> Json:
    """ECS ``network``."""
    transport = protocol and protocol.lower()
    found: dict[str, str | None] = {}
    match action:
        case "networkConnectionAction":
            found["direction"] = DIRECTIONS.get(direction or "", "unknown")
            found["transport"] = transport
        case "portProbeAction":
            found = {"direction": "inbound", "transport": "tcp"}
        case "dnsRequestAction":
            found = {"protocol": "dns", "transport": transport}
    return written(found)


def ends_of(
    action: str | None,
    details: Section,
    ours: End,
    sequence: Section,
    malformed: list[str],
) -> Ends:
    """Both ends of the action; of a sequence, those of its only endpoint."""
    if action is not None:
        return READERS[action](details, ours, malformed)
    endpoints = listed(sequence.get("endpoints"))
    return _endpoints([obj(endpoint) for endpoint in endpoints], malformed)


def _connection(details: Section, ours: End, malformed: list[str]) -> Ends:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    local = _local(details, ours)
    far = with_port(remote, _port(details, "remotePortDetails", malformed))
    near = with_port(local, _port(details, "localPortDetails", malformed))
    both = (near, far) if details.get("connectionDirection") == "OUTBOUND" else (far, near)
    return Ends(*both, [remote.ip, local.ip, local.outside], remote.ip)


def _probe(details: Section, ours: End, malformed: list[str]) -> Ends:
    """The first probe stands for all; the addresses of the others are related."""
    probes = [obj(probe) for probe in listed(details.get("portProbeDetails"))]
    remotes = [remote_end(obj(p.get("remoteIpDetails")), malformed) for p in probes]
    first, remote = (probes[0], remotes[0]) if probes else ({}, NOWHERE)
    local = _local(first, ours)
    near = with_port(local, _port(first, "localPortDetails", malformed))
    addresses = [*(far.ip for far in remotes), local.ip, local.outside]
    return Ends(remote.written, near, addresses, remote.ip)


def _lookup(_details: Section, ours: End, _malformed: list[str]) -> Ends:
    return Ends(ours.written, NOBODY, [ours.ip, ours.outside], None)


def _call(details: Section, _ours: End, malformed: list[str]) -> Ends:
    """Calls and sign-ins have a caller; a cluster names those before it too."""
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    callers = [ip(text(address)) for address in listed(details.get("sourceIPs"))]
    return Ends(remote.written, NOBODY, [remote.ip, *callers], remote.ip)


def _endpoints(endpoints: list[Section], malformed: list[str]) -> Ends:
    """An attack sequence: one endpoint is its source or destination, several are only related."""
    ends = [remote_end(_as_remote(endpoint), malformed) for endpoint in endpoints]
    addresses: list[str | None] = [end.ip for end in ends]
    if len(ends) != 1:
        return Ends(NOBODY, NOBODY, addresses, None)
    only = with_port(ends[0], integer(endpoints[0].get("port"), "port", malformed))
    outbound = obj(endpoints[0].get("connection")).get("direction") == "OUTBOUND"
    both = (NOBODY, only) if outbound else (only, NOBODY)
    return Ends(*both, addresses, ends[0].ip)


def _as_remote(endpoint: Section) -> Section:
    """A sequence's endpoint in the words of the other findings."""
    place, system = obj(endpoint.get("location")), obj(endpoint.get("autonomousSystem"))
    return {
        "ipAddressV4": endpoint.get("ip"),
        "city": {"cityName": place.get("city")},
        "country": {"countryName": place.get("country")},
        "geoLocation": place,
        "organization": {"asn": system.get("number"), "asnOrg": system.get("name")},
    }


def _local(details: Section, ours: End) -> End:
    """Our end where the action names it."""
    address = address_of(obj(details.get("localIpDetails")))
    return local_end(address, ours.outside) if address else ours


def _port(details: Section, section: str, malformed: list[str]) -> int | None:
    port = obj(details.get(section)).get("port")
    return None if port is None else integer(port, f"{section}.port", malformed)


READERS: dict[str, Reader] = {
    "networkConnectionAction": _connection,
    "portProbeAction": _probe,
    "dnsRequestAction": _lookup,
    "awsApiCallAction": _call,
    "kubernetesApiCallAction": _call,
    "rdsLoginAttemptAction": _call,
}
"""Who reads the ends of which section of an action."""
