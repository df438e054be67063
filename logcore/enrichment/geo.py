"""Says where a public address is and whose network it belongs to, from MaxMind's databases.

References:
    - https://dev.maxmind.com/geoip/docs/databases/
    - https://www.elastic.co/docs/reference/ecs/ecs-geo
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from logcore.enrichment.document import fill
from logcore.record import Document, Origin
from logcore.shape import compact, listed, obj, text

type LookUp = Callable[[str], Any]
"""The record of an address in one database, whatever its type; ``None`` where it has none."""

type Network = IPv4Network | IPv6Network

ENDS = ("source", "destination", "client")
DIFFERENT = 65_536  # addresses that are remembered

LATITUDES, LONGITUDES = (-90, 90), (-180, 180)  # degrees
LARGEST_AS = 2**32 - 1  # RFC 6793

NOWHERE: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"),
        *("::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)
"""Networks that everybody may use at home: an address in them is at no place that a database knows.

Written out, because Python's ``is_global`` also leaves out the ranges for documentation.
"""


class Locate:
    """Adds ``geo`` and ``as`` to each end of a connection; without databases, nothing.

    Args:
        nowhere: Networks whose addresses have no place.
    """

    def __init__(self, nowhere: Sequence[Network] = NOWHERE) -> None:
        self._nowhere = tuple(nowhere)
        self._look_ups: tuple[LookUp, ...] = ()
        self._found = lru_cache(maxsize=DIFFERENT)(self._find)

    def use(self, look_ups: Sequence[LookUp]) -> None:
        """Ask these from now on; where two know the same thing, the first counts."""
        self._look_ups = tuple(look_ups)
        self._found.cache_clear()

    def __call__(self, document: Document, _origin: Origin) -> bool:
        """Locate the ends of one document; what the source said of a place stays."""
        if not self._look_ups:
            return False
        added = False
        for end in ENDS:
            peer = document.get(end)
            if peer.__class__ is dict:
                added |= self._locate(peer)
        return added

    def _locate(self, peer: dict[str, Any]) -> bool:
        address = peer.get("ip")
        if address.__class__ is not str:
            return False
        found = self._found(address)
        if not found:
            return False
        if "geo" in peer and not _agrees(peer["geo"], found):
            found = {key: value for key, value in found.items() if key != "geo"}
        if "as" in peer:
            found = {key: value for key, value in found.items() if key != "as"}
        return fill(peer, found)

    def _find(self, address: str) -> dict[str, Any]:
        """``geo`` and ``as`` as far as the databases know them."""
        found: dict[str, Any] = {}
        if self._is_somewhere(address):
            for look_up in self._look_ups:
                record = obj(look_up(address))
                fill(found, compact({"geo": place_of(record), "as": network_of(record)}))
        return found

    def _is_somewhere(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return not any(found in network for network in self._nowhere)


def _agrees(said: Any, found: dict[str, Any]) -> bool:  # noqa: ANN401  any JSON
    """Whether the source's own place is in the country that the database names.

    Otherwise the document would have one service's country and another one's city.
    """
    country = said.get("country_iso_code") if isinstance(said, dict) else None
    return country is not None and country == obj(found.get("geo")).get("country_iso_code")


def place_of(record: dict[str, Any]) -> dict[str, Any]:
    """``geo`` of a record of a City, Country or Enterprise database; empty for others."""
    country = obj(record.get("country"))
    region = obj(next(iter(listed(record.get("subdivisions"))), None))
    return compact(
        {
            "city_name": _name(record.get("city")),
            "country_iso_code": text(country.get("iso_code")),
            "country_name": _name(country),
            "location": _location(obj(record.get("location"))),
            "region_name": _name(region),
        }
    )


def network_of(record: dict[str, Any]) -> dict[str, Any]:
    """``as`` of a record of an ASN, ISP or Enterprise database; empty for others."""
    traits = record | obj(record.get("traits"))
    number = traits.get("autonomous_system_number")
    is_number = type(number) is int and 0 <= number <= LARGEST_AS
    return compact(
        {
            "number": number if is_number else None,
            "organization": {"name": text(traits.get("autonomous_system_organization"))},
        }
    )


def _name(place: Any) -> str | None:  # noqa: ANN401  any JSON
    return text(obj(obj(place).get("names")).get("en"))


def _location(place: dict[str, Any]) -> str | None:
    """``latitude,longitude``, as the index takes it."""
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if _within(latitude, LATITUDES) and _within(longitude, LONGITUDES):
        return f"{latitude},{longitude}"
    return None


def _within(degrees: Any, bounds: tuple[int, int]) -> bool:  # noqa: ANN401  any JSON
    least, most = bounds
    return type(degrees) in (int, float) and bool(least <= degrees <= most)  # nan is not between
