"""Both ends of what an ASFF finding saw moving, and how: from ``Network``, ``Action`` or fields.

GuardDuty's findings carry their action twice, under ``Action`` and flat in ``ProductFields``; older
ones only there.

Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/asff-top-level-attributes.html
"""

from typing import Any, NamedTuple

from logcore.formats import dns
from logcore.formats.place import geo_point
from logcore.formats.web import port
from logcore.shape import integer, ip, listed, obj, text

ACTIONS = ("NetworkConnectionAction", "AwsApiCallAction", "DnsRequestAction", "PortProbeAction")
DIRECTIONS = {"IN": "inbound", "INBOUND": "inbound", "OUT": "outbound", "OUTBOUND": "outbound"}
TRANSPORTS = frozenset({"tcp", "udp", "icmp", "ipv6-icmp", "sctp"})

_PRODUCT_ACTION = "aws/guardduty/service/action/"
_PRODUCT_SECTIONS = (
    "networkConnectionAction/",
    "portProbeAction/portProbeDetails.0_/",
    "awsApiCallAction/",
    "dnsRequestAction/",
)
_INTERFACE = "aws/guardduty/resource/instanceDetails/networkInterfaces.0_/"


class Traffic(NamedTuple):
    """What a finding saw moving.

    Attributes:
        source: ECS ``source``.
        destination: ECS ``destination``.
        network: ECS ``network``.
        queried: The name that was looked up.
        others: Addresses of the probes after the first.
    """

    source: dict[str, Any]
    destination: dict[str, Any]
    network: dict[str, Any]
    queried: str | None
    others: list[str | None]


def traffic_of(finding: dict[str, Any], malformed: list[str]) -> Traffic:
    """What moved; where the finding names it twice, ``Network`` before ``Action`` counts."""
    seen, details = obj(finding.get("Network")), _details(finding)
    direction = DIRECTIONS.get(
        (text(seen.get("Direction")) or text(details.get("ConnectionDirection")) or "").upper()
    )
    remote, local = _remote(details, malformed), _local(details, malformed)
    queried = dns.host_name(details.get("Domain"))
    ours_first = direction == "outbound" or queried is not None  # we ask, we connect
    ends = (local, remote) if ours_first else (remote, local)
    return Traffic(
        _end(seen, "Source", malformed, ends[0]),
        _end(seen, "Destination", malformed, ends[1]),
        {"direction": direction, **_protocols(seen, details, queried)},
        queried,
        [ip(_far(probe)) for probe in _probes(obj(finding.get("Action")))],
    )


def _probes(action: dict[str, Any]) -> list[dict[str, Any]]:
    return [obj(p) for p in listed(obj(action.get("PortProbeAction")).get("PortProbeDetails"))]


def _far(details: dict[str, Any]) -> str | None:
    return text(obj(details.get("RemoteIpDetails")).get("IpAddressV4"))


def _details(finding: dict[str, Any]) -> dict[str, Any]:
    """The action's section, of several probes the first, over what product fields know."""
    action = obj(finding.get("Action"))
    found = next((obj(action.get(name)) for name in ACTIONS if obj(action.get(name))), {})
    probes = _probes(action)
    return _from_product(obj(finding.get("ProductFields"))) | (probes[0] if probes else found)


def _from_product(fields: dict[str, Any]) -> dict[str, Any]:
    """GuardDuty's flat fields under the names that ``Action`` has; without one no section."""
    at = next((_PRODUCT_ACTION + s for s in _PRODUCT_SECTIONS if _has(fields, s)), "")
    remote = {
        "IpAddressV4": fields.get(f"{at}remoteIpDetails/ipAddressV4"),
        "Country": {"CountryName": fields.get(f"{at}remoteIpDetails/country/countryName")},
        "City": {"CityName": fields.get(f"{at}remoteIpDetails/city/cityName")},
        "Organization": {
            "Asn": fields.get(f"{at}remoteIpDetails/organization/asn") or None,
            "AsnOrg": fields.get(f"{at}remoteIpDetails/organization/asnOrg"),
        },
    }
    return {
        "ConnectionDirection": fields.get(f"{at}connectionDirection"),
        "Protocol": fields.get(f"{at}protocol"),
        "Domain": fields.get(f"{at}domain"),
        "RemoteIpDetails": remote,
        "RemotePortDetails": {"Port": fields.get(f"{at}remotePortDetails/port") or None},
        "LocalPortDetails": {"Port": fields.get(f"{at}localPortDetails/port") or None},
        "LocalIpDetails": {"IpAddressV4": fields.get(f"{at}localIpDetails/ipAddressV4")},
        "Interface": {
            "private": fields.get(f"{_INTERFACE}privateIpAddress"),
            "public": fields.get(f"{_INTERFACE}publicIp"),
        },
    }


def _has(fields: dict[str, Any], section: str) -> bool:
    return any(name.startswith(_PRODUCT_ACTION + section) for name in fields)


def _protocols(
    seen: dict[str, Any], details: dict[str, Any], queried: str | None
) -> dict[str, str | None]:
    """Peers have TCP as ``network.protocol``; ECS calls it the transport, so it is in both."""
    named = (text(seen.get("Protocol")) or text(details.get("Protocol")) or "").lower() or None
    return {
        "protocol": "dns" if queried else named,
        "transport": named if named in TRANSPORTS else None,
    }


def _end(
    seen: dict[str, Any], side: str, malformed: list[str], other: dict[str, Any]
) -> dict[str, Any]:
    address = text(seen.get(f"{side}IpV4")) or text(seen.get(f"{side}IpV6")) or other["address"]
    domain = text(seen.get(f"{side}Domain")) or other["domain"]
    stated = port(seen.get(f"{side}Port"), f"Network.{side}Port", malformed)
    mac = text(seen.get("SourceMac")) if side == "Source" else None
    return {
        **other,
        "address": address or domain,
        "ip": ip(address),
        "domain": domain,
        "port": other["port"] if stated is None else stated,
        "mac": mac.upper().replace(":", "-") if mac else None,  # RFC 7042, as ECS asks
    }


def _remote(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    where = obj(details.get("RemoteIpDetails"))
    country, owner = obj(where.get("Country")), obj(where.get("Organization"))
    position = obj(where.get("GeoLocation"))
    return {
        "address": _far(details),
        "domain": text(obj(details.get("DomainDetails")).get("Domain")),
        "port": _port(details, "RemotePortDetails", malformed),
        "geo": {
            "country_name": text(country.get("CountryName")),
            "country_iso_code": text(country.get("CountryCode")),
            "city_name": text(obj(where.get("City")).get("CityName")),
            "location": geo_point(position.get("Lat"), position.get("Lon")),
        },
        "as": {
            "number": integer(owner.get("Asn"), "Organization.Asn", malformed),
            "organization": {"name": text(owner.get("AsnOrg")) or text(owner.get("Org"))},
        },
    }


def _local(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """Our end; the public address of its interface is what it is translated to."""
    interface = obj(details.get("Interface"))
    address = text(obj(details.get("LocalIpDetails")).get("IpAddressV4"))
    return {
        "address": address or text(interface.get("private")),
        "domain": None,
        "port": _port(details, "LocalPortDetails", malformed),
        "nat": {"ip": ip(text(interface.get("public")))},
    }


def _port(details: dict[str, Any], section: str, malformed: list[str]) -> int | None:
    return port(obj(details.get(section)).get("Port"), f"{section}.Port", malformed)
