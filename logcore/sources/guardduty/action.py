"""What was seen happening: connections, probes, lookups, calls and sign-ins, as ECS fields.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Action.html
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from logcore.shape import integer, ip, listed, obj, text
from logcore.sources.guardduty.place import addresses_of, first_interface, local_end, remote_end

type Fields = dict[str, Any]
"""Parts of a document by root field, with ``addresses`` beside them for ``related.ip``."""

type Reader = Callable[[dict[str, Any], dict[str, Any], list[str]], Fields]
"""Reads one action section, given the instance's first network interface."""


class Action(NamedTuple):
    """What was seen happening, by field of the document.

    Attributes:
        category: Additions to ``event.category``.
        type: Additions to ``event.type``.
        source: Its ECS field, like those that follow.
        addresses: For ``related.ip``.
        remote: The far end, whichever side of the traffic it is.
        domain: The name that was looked up.
        remote_account: The account that a call came from.
    """

    category: list[str] | None = None
    type: list[str] | None = None
    source: Fields | None = None
    destination: Fields | None = None
    network: Fields | None = None
    dns: Fields | None = None
    url: Fields | None = None
    http: Fields | None = None
    service: Fields | None = None
    error: Fields | None = None
    user_agent: Fields | None = None
    addresses: list[str | None] | None = None
    remote: Fields | None = None
    domain: str | None = None
    remote_account: str | None = None


def action_of(resource: dict[str, Any], service: dict[str, Any], malformed: list[str]) -> Action:
    """The fields of the one action that a finding has; of a sequence, its only endpoint."""
    return Action(**_fields(resource, service, malformed))


def _fields(resource: dict[str, Any], service: dict[str, Any], malformed: list[str]) -> Fields:
    action = obj(service.get("action"))
    for section, reader in READERS.items():
        details = obj(action[section]) if section in action else None
        if details:
            return reader(details, first_interface(resource), malformed)
    endpoints = listed(obj(obj(service.get("detection")).get("sequence")).get("endpoints"))
    return _endpoints([obj(endpoint) for endpoint in endpoints], malformed) if endpoints else {}


def action_type_of(service: dict[str, Any]) -> str | None:
    """GuardDuty's name of the action; our own for the findings that have none."""
    named = text(obj(service.get("action")).get("actionType"))
    if named:
        return named
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


def _blocked(details: dict[str, Any]) -> list[str]:
    """ECS ``event.type``: whether a security group let it pass."""
    verdicts = {True: ["denied"], False: ["allowed"]}
    blocked = details.get("blocked")
    return verdicts[blocked] if isinstance(blocked, bool) else []


def _connection(details: Fields, interface: Fields, malformed: list[str]) -> Fields:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    _put_port(remote, details, "remotePortDetails", malformed)
    local = local_end(obj(details.get("localIpDetails")), interface)
    _put_port(local, details, "localPortDetails", malformed)
    direction = text(details.get("connectionDirection")) or ""
    outbound = direction == "OUTBOUND"
    return {
        "category": ["network"],
        "type": ["connection", *_blocked(details)],
        "source": local if outbound else remote,
        "destination": remote if outbound else local,
        "network": _present(
            transport=_lower(details.get("protocol")),
            direction={"INBOUND": "inbound", "OUTBOUND": "outbound"}.get(direction, "unknown"),
        ),
        "remote": remote,
        "addresses": addresses_of(remote, local),
    }


def _probe(details: Fields, interface: Fields, malformed: list[str]) -> Fields:
    """The first probe stands for all; the addresses of the others are related."""
    probes = [obj(probe) for probe in listed(details.get("portProbeDetails"))]
    remotes = [remote_end(obj(p.get("remoteIpDetails")), malformed) for p in probes]
    first = probes[0] if probes else {}
    local = local_end(obj(first.get("localIpDetails")), interface)
    _put_port(local, first, "localPortDetails", malformed)
    return {
        "category": ["network"],
        "type": ["connection", *_blocked(details)],
        "source": remotes[0] if remotes else {},
        "destination": local,
        "network": {"direction": "inbound", "transport": "tcp"},
        "remote": remotes[0] if remotes else {},
        "addresses": addresses_of(*remotes, local),
    }


def _lookup(details: Fields, interface: Fields, _malformed: list[str]) -> Fields:
    local = local_end({}, interface)
    return {
        "category": ["network"],
        "type": ["protocol", *_blocked(details)],
        "source": local,
        "network": _present(transport=_lower(details.get("protocol")), protocol="dns"),
        "dns": _present(question=_present(name=text(details.get("domain")))),
        "domain": text(details.get("domain")),
        "addresses": addresses_of(local),
    }


def _api_call(details: Fields, _interface: Fields, malformed: list[str]) -> Fields:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    return {
        "source": remote,
        "service": _present(name=text(details.get("serviceName"))),
        "error": _present(code=text(details.get("errorCode"))),
        "user_agent": _present(original=text(details.get("userAgent"))),
        "remote": remote,
        "remote_account": text(obj(details.get("remoteAccountDetails")).get("accountId")),
        "addresses": addresses_of(remote),
    }


def _kubernetes_call(details: Fields, _interface: Fields, malformed: list[str]) -> Fields:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    callers = [ip(text(address)) for address in listed(details.get("sourceIPs"))]
    status = integer(details.get("statusCode"), "statusCode", malformed)
    return {
        "source": remote,
        "url": _present(original=text(details.get("requestUri"))),
        "http": {"response": {"status_code": status}} if status is not None else None,
        "user_agent": _present(original=text(details.get("userAgent"))),
        "remote": remote,
        "addresses": [*addresses_of(remote), *callers],
    }


def _login(details: Fields, _interface: Fields, malformed: list[str]) -> Fields:
    remote = remote_end(obj(details.get("remoteIpDetails")), malformed)
    return {
        "category": ["authentication"],
        "source": remote,
        "remote": remote,
        "addresses": addresses_of(remote),
    }


def _endpoints(endpoints: list[Fields], malformed: list[str]) -> Fields:
    """An attack sequence: one endpoint is its source or destination, several are only related."""
    ends = [remote_end(_as_remote(endpoint), malformed) for endpoint in endpoints]
    found: Fields = {"addresses": addresses_of(*ends)}
    if len(ends) == 1:
        direction = obj(endpoints[0].get("connection")).get("direction")
        port = integer(endpoints[0].get("port"), "port", malformed)
        ends[0] |= {} if port is None else {"port": port}
        found["destination" if direction == "OUTBOUND" else "source"] = ends[0]
        found["remote"] = ends[0]
    return found


def _as_remote(endpoint: Fields) -> Fields:
    """A sequence's endpoint in the words of the other findings."""
    place, system = obj(endpoint.get("location")), obj(endpoint.get("autonomousSystem"))
    return {
        "ipAddressV4": endpoint.get("ip"),
        "city": {"cityName": place.get("city")},
        "country": {"countryName": place.get("country")},
        "geoLocation": place,
        "organization": {"asn": system.get("number"), "asnOrg": system.get("name")},
    }


def _put_port(end: Fields, details: Fields, section: str, malformed: list[str]) -> None:
    found = details.get(section)
    port = found.get("port") if isinstance(found, dict) else None
    if port is not None:
        port = integer(port, f"{section}.port", malformed)
    if port is not None:
        end["port"] = port


def _present(**parts: Any) -> Fields:  # noqa: ANN401  any field
    return {name: value for name, value in parts.items() if value}


def _lower(value: Any) -> str | None:  # noqa: ANN401  any JSON
    found = text(value)
    return found.lower() if found else None


READERS: dict[str, Reader] = {
    "networkConnectionAction": _connection,
    "portProbeAction": _probe,
    "dnsRequestAction": _lookup,
    "awsApiCallAction": _api_call,
    "kubernetesApiCallAction": _kubernetes_call,
    "rdsLoginAttemptAction": _login,
}
"""Who reads which section of an action."""
