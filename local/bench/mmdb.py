"""Writes a small MaxMind database, as its format is specified, for who has none at hand.

Reference: https://maxmind.github.io/MaxMind-DB/
"""

import struct
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

MARKER = b"\xab\xcd\xefMaxMind.com"
SEPARATOR = bytes(16)  # between tree and data
BITS = 128  # of an address in a tree of version 6
EMPTY = -1
LAST_SHORT = 7  # the last type that fits a control byte; above it the type is a byte of its own
LONG_SIZE = 29  # so much is a size in the control byte; above it the rest is a byte of its own

type Node = list[int | bytes]
"""Two records: a node's number, a value's bytes, or ``EMPTY``."""


class Short(int):
    """Written in 16 bits, as readers expect some metadata."""


class Long(int):
    """Written in 64 bits, likewise."""


def mmdb(kind: str, networks: Mapping[str, Any]) -> bytes:
    """A database of type ``kind`` with a record for each network, IPv4 at ``::/96``."""
    nodes: list[Node] = [[EMPTY, EMPTY]]
    for network, record in networks.items():
        _insert(nodes, _path(network), _encoded(record))
    tree, data = _laid_out(nodes)
    metadata = {
        "binary_format_major_version": Short(2),
        "binary_format_minor_version": Short(0),
        "build_epoch": Long(1_772_366_400),
        "database_type": kind,
        "description": {"en": "Made by a test"},
        "ip_version": Short(6),
        "languages": ["en"],
        "node_count": len(nodes),
        "record_size": Short(32),
    }
    return tree + SEPARATOR + data + MARKER + _encoded(metadata)


def _path(text: str) -> str:
    """The network's prefix as zeros and ones."""
    network = ip_network(text)
    above = BITS - network.max_prefixlen
    bits = f"{int(network.network_address):0{BITS}b}"
    return bits[: above + network.prefixlen]


def _insert(nodes: list[Node], path: str, value: bytes) -> None:
    at = 0
    for bit in path[:-1]:
        below = nodes[at][int(bit)]
        if not isinstance(below, int) or below == EMPTY:
            nodes.append([below, below])
            below = nodes[at][int(bit)] = len(nodes) - 1
        at = below
    nodes[at][int(path[-1])] = value


def _laid_out(nodes: list[Node]) -> tuple[bytes, bytes]:
    data = b""
    offsets: dict[bytes, int] = {}
    tree = b""
    for record in (record for node in nodes for record in node):
        if isinstance(record, bytes):
            if record not in offsets:
                offsets[record] = len(data)
                data += record
            tree += struct.pack(">I", len(nodes) + len(SEPARATOR) + offsets[record])
        else:
            tree += struct.pack(">I", len(nodes) if record == EMPTY else record)
    return tree, data


NUMBERS = {Short: (5, ">H"), Long: (9, ">Q"), int: (6, ">I"), float: (3, ">d")}
"""Type and bytes of each kind of number."""


def _encoded(value: Any) -> bytes:  # noqa: ANN401  any JSON
    match value:
        case str():
            return _head(2, len(value.encode())) + value.encode()
        case list():
            return _head(11, len(value)) + b"".join(map(_encoded, value))
        case dict():
            pairs = (_encoded(key) + _encoded(item) for key, item in value.items())
            return _head(7, len(value)) + b"".join(pairs)
    kind, form = NUMBERS[type(value)]
    written = struct.pack(form, value)
    return _head(kind, len(written)) + written


def _head(kind: int, size: int) -> bytes:
    """The control byte; longer types follow it, and so do sizes from 29 to 284."""
    is_extended = kind > LAST_SHORT
    extended = bytes([kind - LAST_SHORT]) if is_extended else b""
    first = 0 if is_extended else kind << 5
    if size < LONG_SIZE:
        return bytes([first | size]) + extended
    return bytes([first | LONG_SIZE]) + extended + bytes([size - LONG_SIZE])
