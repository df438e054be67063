"""Both ends of what was seen: addresses, where on Earth they are, and whose network it is.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_RemoteIpDetails.html
"""

from typing import Any

from logcore.formats.place import geo_point
from logcore.shape import integer, ip, obj, text


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
    geo: dict[str, Any] = {}
    city, country, position = map(details.get, ("city", "country", "geoLocation"))
    if isinstance(city, dict):
        _put(geo, "city_name", city.get("cityName"))
    if isinstance(country, dict):
        _put(geo, "country_name", country.get("countryName"))
        _put(geo, "country_iso_code", country.get("countryCode"))
    if isinstance(position, dict):
        _put(geo, "location", geo_point(position.get("lat"), position.get("lon")))
    return geo


def _put(fields: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401  any JSON
    """Add a text, if it is one."""
    if value and isinstance(value, str):
        fields[name] = value


def _addressed(address: str | None) -> dict[str, Any]:
    if not address:
        return {}
    return {"address": address, "ip": address} if ip(address) else {"address": address}


def _system(system: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    number = system.get("asn")
    if number:
        number = integer(number, "organization.asn", malformed)
        if number is not None:
            found["number"] = number
    name = text(system.get("asnOrg")) or text(system.get("org"))
    if name:
        found["organization"] = {"name": name}
    return found


def local_end(details: dict[str, Any], interface: dict[str, Any]) -> dict[str, Any]:
    """ECS ``source`` or ``destination`` of our end; the instance's interface fills the gaps."""
    end = _addressed(_address(details) or text(interface.get("privateIpAddress")))
    if "publicIp" in interface and (outside := ip(text(interface["publicIp"]))):
        end["nat"] = {"ip": outside}
    return end


def first_interface(resource: dict[str, Any]) -> dict[str, Any]:
    """The first network interface of the instance that the finding is about."""
    instance = resource.get("instanceDetails")
    interfaces = instance.get("networkInterfaces") if isinstance(instance, dict) else None
    return obj(interfaces[0]) if interfaces and isinstance(interfaces, list) else {}


def addresses_of(*ends: dict[str, Any]) -> list[str | None]:
    """Every address of these ends, then those before a translation; absent ones as ``None``."""
    found = [end.get("ip") for end in ends]
    return found + [end["nat"]["ip"] for end in ends if "nat" in end]


def _address(details: dict[str, Any]) -> str | None:
    return text(details.get("ipAddressV4")) or text(details.get("ipAddressV6"))
