"""What must hold for a document whatever it was made from."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from logcore.codec import dump_json
from logcore.fields import undeclared
from logcore.identity import LONGEST_ID
from logcore.record import Document
from logcore.trim import LONGEST_TERM

REQUIRED = ("@timestamp", "event.id", "event.kind", "event.dataset", "event.module")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def faults(document: Document, types: dict[str, str]) -> list[str]:
    """Everything that OpenSearch would refuse or a reader miss, in words; empty when sound."""
    dump_json(document)
    leaves = dict(_leaves(document, types))
    found = [f"undeclared: {name}" for name in undeclared(document, types)]
    found += [f"missing: {name}" for name in REQUIRED if not leaves.get(name)]
    found += [
        f"no {types[name]}: {name}={value!r}"[:200]
        for name, value in leaves.items()
        if name in types and not _fits(value, types[name])
    ]
    found += [f"too long: {path[:80]}" for path in _long_terms(document, types)]
    if len(str(leaves.get("event.id")).encode()) > LONGEST_ID:
        found.append("event.id passes the longest _id")
    return found


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_fits(item, kind) for item in value)
    return FITS[kind](value)


def _is_ip(value: object) -> bool:
    try:
        return isinstance(value, str) and "%" not in value and bool(ip_address(value))
    except ValueError:
        return False


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return False
    return 1980 <= datetime.fromisoformat(value).year < 2100


def _is_geo_point(value: object) -> bool:
    latitude, longitude = (float(part) for part in str(value).split(","))
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


FITS: dict[str, Callable[[Any], bool]] = {
    "keyword": lambda value: isinstance(value, str),
    "match_only_text": lambda value: isinstance(value, str),
    "ip": _is_ip,
    "date": _is_date,
    "long": lambda value: type(value) is int and -(2**63) <= value < 2**63,
    "float": lambda value: type(value) in (int, float) and math.isfinite(value),
    "boolean": lambda value: isinstance(value, bool),
    "geo_point": _is_geo_point,
    "flat_object": lambda value: isinstance(value, dict),
}


def _leaves(
    tree: dict[str, Any], types: dict[str, str], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and types.get(name) != "flat_object":
            yield from _leaves(value, types, f"{name}.")
        else:
            yield name, value


def _long_terms(document: Document, types: dict[str, str]) -> Iterator[str]:
    """Paths of leaves whose term ``path=value`` Lucene refuses, in every ``flat_object``."""
    for name, value in _leaves(document, types):
        if types.get(name) == "flat_object":
            yield from (
                p for p, v in _texts(value, name) if len(f"{p}={v}".encode()) > LONGEST_TERM
            )


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    else:
        yield path, str(value)
