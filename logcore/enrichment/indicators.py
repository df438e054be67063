"""One list of known bad addresses, domains and hashes, ready to be asked.

Reference: https://www.elastic.co/docs/reference/ecs/ecs-threat
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any, Literal, NamedTuple

type Kind = Literal["address", "domain", "hash"]
"""What a value of a document is compared with."""

type Told = Mapping[str, Any]
"""What a list tells of an indicator: fields of ``threat.enrichments.indicator``."""

HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}")  # MD5, SHA-1, -256, -512
DOMAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

BITS = {4: 32, 6: 128}  # of an address


class Indicator(NamedTuple):
    """What was found.

    Attributes:
        name: As the list has it, or the network in its usual form.
        type: Its type as ECS names it.
        told: What the list tells beside it.
    """

    name: str
    type: str
    told: Told


class Indicators:
    """Each look-up takes the same time however long the list is.

    Networks are kept by the length of their prefix, so an address is asked for once per length
    that occurs; a single address is a network of full length.
    """

    def __init__(self) -> None:
        self._networks: dict[int, dict[int, dict[int, Told]]] = {4: {}, 6: {}}
        self._domains: dict[str, Told] = {}
        self._hashes: dict[str, Told] = {}

    def __len__(self) -> int:
        """Number of different indicators."""
        networks = (found for lengths in self._networks.values() for found in lengths.values())
        return sum(map(len, networks)) + len(self._domains) + len(self._hashes)

    def add(self, value: str, told: Told) -> bool:
        """Add an address, a network, a domain or a hash; ``False`` when it is none of them.

        A domain stands for all names below it as well, with or without ``*.`` before it.
        """
        value = value.lower()
        name = value.removeprefix("*.").removesuffix(".")
        if HASH.fullmatch(value):
            self._hashes[value] = told
        elif DOMAIN.fullmatch(name):
            self._domains[name] = told
        else:
            return self._add_network(value, told)
        return True

    def _add_network(self, value: str, told: Told) -> bool:
        try:
            if "/" in value:
                network = ip_network(value)
                first, length = network.network_address, network.prefixlen
            else:
                first = ip_address(value)
                length = first.max_prefixlen
        except ValueError:
            return False
        found = self._networks[first.version].setdefault(length, {})
        found[int(first) >> (first.max_prefixlen - length)] = told
        return True

    def find(self, kind: Kind, value: str) -> Indicator | None:
        """The indicator that a value is, or is within; ``None`` when it is not on the list.

        Of several networks the longest prefix counts, of several domains the longest name.
        """
        match kind:
            case "address":
                return self._address(value)
            case "domain":
                return self._domain(value.lower().removesuffix("."))
            case "hash":
                value = value.lower()
                told = self._hashes.get(value)
                return None if told is None else Indicator(value, "file", told)

    def _address(self, value: str) -> Indicator | None:
        try:
            address = ip_address(value)
        except ValueError:
            return None
        version, number, bits = address.version, int(address), BITS[address.version]
        for length, found in sorted(self._networks[version].items(), reverse=True):
            told = found.get(number >> (bits - length))
            if told is not None:
                network = ip_network((number >> (bits - length) << (bits - length), length))
                name = str(network) if length < bits else str(address)
                return Indicator(name, f"ipv{version}-addr", told)
        return None

    def _domain(self, name: str) -> Indicator | None:
        while name:
            told = self._domains.get(name)
            if told is not None:
                return Indicator(name, "domain-name", told)
            name = name.partition(".")[2]
        return None
