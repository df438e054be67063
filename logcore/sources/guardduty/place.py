"""Both ends of what was seen: addresses, where on Earth they are, and whose network it is.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_RemoteIpDetails.html
"""

from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import Json, Plain, dump_json, json_of, parse_json
from logcore.formats.place import geo_point
from logcore.mapping.compiler import LONGEST
from logcore.shape import compact, integer, ip, obj, text


class End(NamedTuple):
    """One side of the traffic.

    Attributes:
        written: ECS ``source`` or ``destination``, without its port.
        ip: Its address.
        outside: Its address before a translation.
        malformed: Names of what could not be understood.
    """

    written: Json = Json("")
    ip: Plain | None = None
    outside: str | None = None
    malformed: tuple[str, ...] = ()


NOWHERE = End()


def remote_end(details: dict[str, Any], malformed: list[str]) -> End:
    """The far end, which the same finding brings again and others of the same attacker too."""
    if not details:
        return NOWHERE
    try:
        packed = dump_json(details)
    except (TypeError, RecursionError):  # of what is nested deeper than a writer goes
        packed = b""
    end = _remembered(packed) if 0 < len(packed) <= LONGEST else _remote_end(details)
    malformed += end.malformed
    return end


@lru_cache(maxsize=4_096)
def _remembered(packed: bytes) -> End:
    return _remote_end(parse_json(packed))


def _remote_end(details: dict[str, Any]) -> End:
    malformed: list[str] = []
    address = address_of(details)
    place, country = obj(details.get("geoLocation")), obj(details.get("country"))
    system = obj(details.get("organization"))
    end = {
        "address": address,
        "ip": ip(address),
        "geo": {  # GuardDuty says nothing of private addresses
            "city_name": text(obj(details.get("city")).get("cityName")),
            "country_name": text(country.get("countryName")),
            "country_iso_code": text(country.get("countryCode")),
            "location": geo_point(place.get("lat"), place.get("lon")),
        },
        "as": {
            "number": integer(system.get("asn") or None, "organization.asn", malformed),
            "organization": {"name": text(system.get("asnOrg")) or text(system.get("org"))},
        },
    }
    return End(written(end), ip(address), None, tuple(malformed))


@lru_cache(maxsize=4_096)
def local_end(address: str | None, outside: str | None) -> End:
    """Our end, at an address that may have another one outside."""
    end = {"address": address, "ip": ip(address), "nat": {"ip": outside}}
    return End(written(end), ip(address), outside)


def with_port(end: End, port: int | None) -> Json:
    """An end's ECS field with its port."""
    if port is None:
        return end.written
    known = f"{end.written[:-1]}," if end.written else "{"
    return Json(f'{known}"port":{port}}}')


def address_of(details: dict[str, Any]) -> str | None:
    """Either of its addresses, as it is written."""
    return text(details.get("ipAddressV4")) or text(details.get("ipAddressV6"))


def written(field: dict[str, Any]) -> Json:
    """A field as JSON, without what is absent."""
    return json_of(compact(field))
