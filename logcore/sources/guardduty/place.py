"""Both ends of what was seen: addresses, where on Earth they are, and whose network it is.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_RemoteIpDetails.html
"""

from typing import Any

from logcore.place import geo_point
from logcore.shape import integer, ip, listed, obj, text


def remote_end(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """ECS ``source`` or ``destination`` of the far end."""
    if not details:
        return {}
    address = _address(details)
    end: dict[str, Any] = {"address": address, "ip": ip(address)} if address else {}
    place, system = obj(details.get("country")), obj(details.get("organization"))
    position = obj(details.get("geoLocation"))
    geo = {
        "city_name": text(obj(details.get("city")).get("cityName")),
        "country_name": text(place.get("countryName")),
        "country_iso_code": text(place.get("countryCode")),
        "location": geo_point(position.get("lat"), position.get("lon")),
    }
    end["geo"] = {name: value for name, value in geo.items() if value}
    owner = text(system.get("asnOrg")) or text(system.get("org"))
    end["as"] = {
        "number": integer(system.get("asn") or None, "organization.asn", malformed),
        "organization": {"name": owner},
    }
    return end


def local_end(details: dict[str, Any], interface: dict[str, Any]) -> dict[str, Any]:
    """ECS ``source`` or ``destination`` of our end; the instance's interface fills the gaps."""
    address = _address(details) or text(interface.get("privateIpAddress"))
    return {
        "address": address,
        "ip": ip(address),
        "nat": {"ip": ip(text(interface.get("publicIp")))},
    }


def first_interface(resource: dict[str, Any]) -> dict[str, Any]:
    """The first network interface of the instance that the finding is about."""
    return next(iter(interfaces_of(resource)), {})


def interfaces_of(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """Every network interface of the instance that the finding is about."""
    instance = obj(resource.get("instanceDetails"))
    return [obj(interface) for interface in listed(instance.get("networkInterfaces"))]


def addresses_of(*ends: dict[str, Any]) -> list[str | None]:
    """Every address of these ends, also those before a translation; absent ones as ``None``."""
    return [found for end in ends for found in (end.get("ip"), obj(end.get("nat")).get("ip"))]


def _address(details: dict[str, Any]) -> str | None:
    return text(details.get("ipAddressV4")) or text(details.get("ipAddressV6"))
