"""What was seen happening: connections, probes, lookups, calls and sign-ins, as ECS fields.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Action.html
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import dump_json
from logcore.mapping import Json
from logcore.shape import integer, ip, listed, obj, text
from logcore.sources.guardduty.place import (
    NOWHERE,
    addresses_of,
    first_interface,
    local_end,
    remote_end,
    with_port,
)

type Section = dict[str, Any]
"""A part of the finding."""


class Action(NamedTuple):
    """What was seen happening.

    Attributes:
        category: Addition to ``event.category``.
        type: Addition to ``event.type``.
        verdict: Another one: whether a security group let it pass.
        source: ECS ``source``.
        destination: ECS ``destination``.
        network: ECS ``network``.
        addresses: For ``related.ip``.
        remote: Address of the far end, whichever side of the traffic it is.
        domain: The name that was looked up.
        service: The service that was called.
        error: Code that the caller got.
        user_agent: The caller's client.
        uri: What was asked of a cluster.
        status: HTTP status of its answer.
        remote_account: The account that a call came from.
    """

    category: str | None = None
    type: str | None = None
    verdict: str | None = None
    source: Json = Json("")
    destination: Json = Json("")
    network: Json = Json("")
    addresses: list[str | None] | None = None
    remote: str | None = None
    domain: str | None = None
    service: str | None = None
    error: str | None = None
    user_agent: str | None = None
    uri: str | None = None
    status: int | None = None
    remote_account: str | None = None


NOTHING = Action()

type Reader = Callable[[Section, Section, list[str]], Action]
"""Reads one action section, given the instance's first network interface."""


def action_of(resource: Section, service: Section, malformed: list[str]) -> Action:
    """The one action that a finding has; of a sequence, its only endpoint."""
    action = obj(service.get("action"))
    for section, reader in READERS.items():
        if section in action and (details := obj(action[section])):
            return reader(details, first_interface(resource), malformed)
    endpoints = listed(obj(obj(service.get("detection")).get("sequence")).get("endpoints"))
    return _endpoints([obj(endpoint) for endpoint in endpoints], malformed)


def unnamed(service: Section) -> str | None:
    """Our own name of what findings without an action are about."""
    return next((name for name, sections in UNNAMED.items() if _has(service, sections)), None)


UNNAMED: dict[str, tuple[str, ...]] = {
    "ATTACK_SEQUENCE": ("detection", "sequence"),
    "RUNTIME": ("runtimeDetails",),
    "MALWARE_SCAN": ("malwareScanDetails",),
    "EBS_MALWARE_SCAN": ("ebsVolumeScanDetails",),
}
"""What ``event.action`` calls findings without an action, by the section they have instead."""


def _has(service: dict[str, Any], sections: tuple[str, ...]) -> bool:
    for section in sections:
        service = obj(service.get(section))
    return bool(service)


VERDICTS = {True: "denied", False: "allowed"}
"""ECS ``event.type`` by what the finding calls ``blocked``."""

DIRECTIONS = {"INBOUND": "inbound", "OUTBOUND": "outbound"}


def _verdict(details: Section) -> str | None:
    blocked = details.get("blocked")
    return VERDICTS[blocked] if isinstance(blocked, bool) else None


def _connection(details: Section, interface: Section, malformed: list[str]) -> Action:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    local = local_end(obj(details.get("localIpDetails")), interface)
    far = with_port(remote, _port(details, "remotePortDetails", malformed))
    near = with_port(local, _port(details, "localPortDetails", malformed))
    direction = text(details.get("connectionDirection")) or ""
    outbound = direction == "OUTBOUND"
    return Action(
        category="network",
        type="connection",
        verdict=_verdict(details),
        source=near if outbound else far,
        destination=far if outbound else near,
        network=_network(text(details.get("protocol")), DIRECTIONS.get(direction, "unknown")),
        addresses=addresses_of(remote, local),
        remote=remote.ip,
    )


def _probe(details: Section, interface: Section, malformed: list[str]) -> Action:
    """The first probe stands for all; the addresses of the others are related."""
    probes = [obj(probe) for probe in listed(details.get("portProbeDetails"))]
    remotes = [remote_end(obj(p.get("remoteIpDetails")), malformed) for p in probes]
    first, remote = (probes[0], remotes[0]) if probes else ({}, NOWHERE)
    local = local_end(obj(first.get("localIpDetails")), interface)
    return Action(
        category="network",
        type="connection",
        verdict=_verdict(details),
        source=remote.written,
        destination=with_port(local, _port(first, "localPortDetails", malformed)),
        network=_network("tcp", "inbound"),
        addresses=addresses_of(*remotes, local),
        remote=remote.ip,
    )


def _lookup(details: Section, interface: Section, _malformed: list[str]) -> Action:
    local = local_end({}, interface)
    return Action(
        category="network",
        type="protocol",
        verdict=_verdict(details),
        source=local.written,
        network=_network(text(details.get("protocol")), protocol="dns"),
        addresses=addresses_of(local),
        domain=text(details.get("domain")),
    )


def _api_call(details: Section, _interface: Section, malformed: list[str]) -> Action:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    return Action(
        source=remote.written,
        addresses=addresses_of(remote),
        remote=remote.ip,
        service=text(details.get("serviceName")),
        error=text(details.get("errorCode")),
        user_agent=text(details.get("userAgent")),
        remote_account=text(obj(details.get("remoteAccountDetails")).get("accountId")),
    )


def _kubernetes_call(details: Section, _interface: Section, malformed: list[str]) -> Action:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    callers = [ip(text(address)) for address in listed(details.get("sourceIPs"))]
    return Action(
        source=remote.written,
        addresses=[*addresses_of(remote), *callers],
        remote=remote.ip,
        user_agent=text(details.get("userAgent")),
        uri=text(details.get("requestUri")),
        status=integer(details.get("statusCode"), "statusCode", malformed),
    )


def _login(details: Section, _interface: Section, malformed: list[str]) -> Action:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    return Action(
        category="authentication",
        source=remote.written,
        addresses=addresses_of(remote),
        remote=remote.ip,
    )


def _endpoints(endpoints: list[Section], malformed: list[str]) -> Action:
    """An attack sequence: one endpoint is its source or destination, several are only related."""
    if not endpoints:
        return NOTHING
    ends = [remote_end(_as_remote(endpoint), malformed) for endpoint in endpoints]
    if len(ends) > 1:
        return Action(addresses=addresses_of(*ends))
    only = with_port(ends[0], integer(endpoints[0].get("port"), "port", malformed))
    outbound = obj(endpoints[0].get("connection")).get("direction") == "OUTBOUND"
    return Action(
        source=Json("") if outbound else only,
        destination=only if outbound else Json(""),
        addresses=addresses_of(*ends),
        remote=ends[0].ip,
    )


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


def _port(details: Section, section: str, malformed: list[str]) -> int | None:
    return integer(obj(details.get(section)).get("port"), f"{section}.port", malformed)


@lru_cache(maxsize=256)
def _network(transport: str | None, direction: str | None = None, protocol: str = "") -> Json:
    parts = {
        "transport": transport and transport.lower(),
        "direction": direction,
        "protocol": protocol,
    }
    return Json(dump_json({name: part for name, part in parts.items() if part}).decode())


READERS: dict[str, Reader] = {
    "networkConnectionAction": _connection,
    "portProbeAction": _probe,
    "dnsRequestAction": _lookup,
    "awsApiCallAction": _api_call,
    "kubernetesApiCallAction": _kubernetes_call,
    "rdsLoginAttemptAction": _login,
}
"""Who reads which section of an action."""
