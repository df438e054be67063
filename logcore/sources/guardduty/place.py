"""Both ends of what was seen: addresses, where on Earth they are, and whose network it is.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_RemoteIpDetails.html
"""

from typing import Any

from logcore.formats.place import geo_point
from logcore.shape import integer, ip, listed, obj, text


def remote_end(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """ECS ``source`` or ``destination`` of the far end."""
    if not details:
        return {}
    end = _addressed(_address(details))
    geo = _geo(details)
    if geo:
        end["geo"] = geo
    organisation = details.get("organization")
    system = _system(obj(organisation), malformed) if organisation else None
    if system:
        end["as"] = system
    return end


def _geo(details: dict[str, Any]) -> dict[str, Any]:
    """Where on Earth; GuardDuty says nothing of private addresses."""
    country, position = details.get("country"), obj(details.get("geoLocation"))
    geo = {
        "city_name": _text_in(details.get("city"), "cityName"),
        "country_name": _text_in(country, "countryName"),
        "country_iso_code": _text_in(country, "countryCode"),
        "location": geo_point(position.get("lat"), position.get("lon")) if position else None,
    }
    return {name: value for name, value in geo.items() if value}


def _text_in(section: Any, key: str) -> str | None:  # noqa: ANN401  any JSON
    """The text under a key of what may be an object."""
    return text(section.get(key)) if isinstance(section, dict) else None


def _addressed(address: str | None) -> dict[str, Any]:
    if not address:
        return {}
    return {"address": address, "ip": address} if ip(address) else {"address": address}


def _system(system: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    number = integer(system.get("asn") or None, "organization.asn", malformed)
    name = text(system.get("asnOrg")) or text(system.get("org"))
    found: dict[str, Any] = {} if number is None else {"number": number}
    return found | {"organization": {"name": name}} if name else found


def local_end(details: dict[str, Any], interface: dict[str, Any]) -> dict[str, Any]:
    """ECS ``source`` or ``destination`` of our end; the instance's interface fills the gaps."""
    end = _addressed(_address(details) or text(interface.get("privateIpAddress")))
    outside = ip(text(interface.get("publicIp")))
    if outside:
        end["nat"] = {"ip": outside}
    return end


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
