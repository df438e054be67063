"""What web access logs have in common: quoted columns, URLs, TLS names and outcomes."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from publicsuffixlist import PublicSuffixList

from logcore.shape import integer, ip, unique

# A quote ends a column only before a blank or the line's end: some services escape none within.
_COLUMN = re.compile(
    r'(?:"(?P<quoted>(?:[^"\\]|\\.|"(?!\s|\Z))*)"|\[(?P<time>[^\]]*)\](?=\s|\Z)|'
    r"(?P<bare>[^\s\"]\S*))(?:\s+|\Z)"
)
_URL = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?P<domain>\[[0-9A-Fa-f:.]+\]|[^/?#:\s]*)(?::(?P<port>\d{0,5}))?)?"
    r"(?P<path>[^?#\s]*)(?:\?(?P<query>[^#]*))?"
)
_REQUEST = re.compile(r"(?P<method>\S+) (?P<target>.*) (?P<version>HTTP/[\d.]+|- ?|\S+)")
_EXTENSION = re.compile(r"[^/]\.([A-Za-z0-9]{1,10})\Z")
_TLS = re.compile(r"(?P<protocol>tls|ssl)v?(?P<major>\d)[._]?(?P<minor>\d)?", re.IGNORECASE)
# Labels in any script, so that names count in Unicode as in punycode; no port, no address.
_HOST = re.compile(r"(?:[^\s.:/@\[\]]+\.)+[^\s.:/@\[\]\d][^\s.:/@\[\]]*")

HIGHEST_PORT = 65_535
_STATUS_CODES = range(100, 600)  # RFC 9110, section 15
_FIRST_FAILURE = 400

_LONGEST_NAME = 253  # characters of a host name: RFC 1035, section 2.3.4, without length octets

type Request = tuple[str | None, str | None, str | None]
"""Method, target and version of a request line, each where there is one."""


def columns(line: str) -> list[str] | None:
    """The columns of a line: apart by blanks, in quotes or square brackets where they hold blanks.

    ``None`` where a quote or a bracket has no end. What is escaped stays so.
    """
    found: list[str] = []
    line, position = line.strip(), 0
    while position < len(line):
        match = _COLUMN.match(line, position)
        if match is None:
            return None
        found.append(match[match.lastgroup or 0])
        position = match.end()
    return found


def request_line(text: str | None) -> Request:
    """``GET https://example.com/a HTTP/1.1`` in its parts; ``-`` stands for what is not known."""
    match = _REQUEST.fullmatch(text or "")
    if match is None:
        return None, None, None
    method, target, version = (None if part.strip() == "-" else part for part in match.groups())
    return method, target, version.removeprefix("HTTP/") if version else None


def url(original: str | None, malformed: list[str], **known: str | None) -> dict[str, Any]:
    """The fields of ``url`` for a URL or only its path.

    Args:
        original: As the log has it; percent signs stay.
        malformed: Takes ``url`` where the text is no URL.
        known: What the log states apart, such as ``domain`` or ``scheme``.
    """
    match = _URL.fullmatch(original) if original else None
    if original and match is None:
        malformed.append("url")
    parts: dict[str, Any] = {k: v for k, v in (match.groupdict() if match else {}).items() if v}
    parts |= {name: value for name, value in known.items() if value}
    if "port" in parts:
        parts["port"] = port(parts["port"], "url", malformed)
    domain = parts.get("domain")
    extension = _EXTENSION.search(parts.get("path", ""))
    return {
        **parts,
        **domain_parts(domain),
        "original": original,
        "extension": extension[1].lower() if extension else None,
        "full": _full(parts),
    }


def _full(parts: Mapping[str, Any]) -> str | None:
    if not parts.get("scheme") or not parts.get("domain"):
        return None
    where = f":{parts['port']}" if parts.get("port") else ""
    query = f"?{parts['query']}" if parts.get("query") else ""
    return f"{parts['scheme']}://{parts['domain']}{where}{parts.get('path', '')}{query}"


@cache
def _suffixes() -> PublicSuffixList:
    """The public suffix list that the package ships, read when the first name comes.

    All of it, not only the registries' part: ECS points to the list for ``registered_domain``
    without a restriction, and one counts domains to tell their holders apart. ``a.github.io`` and
    ``b.github.io``, or two distributions under ``cloudfront.net``, have different ones.
    """
    return PublicSuffixList()


@lru_cache(maxsize=16_384)
def _domain_parts(domain: str) -> tuple[str, str | None, str | None] | None:
    suffix = _suffixes().publicsuffix(domain) if _HOST.fullmatch(domain) else None
    if suffix is None:
        return None
    *subdomain, registered = _suffixes().privateparts(domain) or (None,)
    return suffix, registered, ".".join(subdomain) or None


def domain_parts(domain: str | None) -> dict[str, str | None]:
    """Top-level and registered domain and subdomain of a host name; empty for an address.

    A name that is a public suffix itself, such as ``co.uk``, has no registered domain. The last
    label of a name that the list does not know, such as ``db.corp.internal``, is its suffix.
    """
    short = domain if domain and len(domain) <= _LONGEST_NAME else ""
    found = _domain_parts(short.lower())
    if found is None:
        return {}
    suffix, registered, subdomain = found
    return {"top_level_domain": suffix, "registered_domain": registered, "subdomain": subdomain}


@lru_cache(maxsize=256)
def _tls_version(name: str) -> tuple[str, str] | None:
    match = _TLS.fullmatch(name)
    return (f"{match['major']}.{match['minor'] or 0}", match["protocol"].lower()) if match else None


def tls(
    version: str | None, cipher: str | None, malformed: list[str], name: str = "tls_version"
) -> dict[str, Any]:
    """The fields of ``tls`` from names such as ``TLSv1.2``, ``tlsv12`` or ``TLSV1.3``."""
    found = _tls_version(version) if version else None
    if version and found is None:
        malformed.append(name)
    number, protocol = found or (None, None)
    return {"version": number, "version_protocol": protocol, "cipher": cipher}


def peer(address: str | None, at: Any, name: str, malformed: list[str]) -> dict[str, Any]:  # noqa: ANN401
    """One end of a connection: address, port, and the address once more where it is one."""
    found = ip(address)
    if address and not found:
        malformed.append(name)
    return {"address": address, "ip": found, "port": port(at, f"{name}_port", malformed)}


def port(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401  any JSON
    """A port number; ``None`` stays ``None``."""
    number = integer(value or None, name, malformed)
    if number is not None and not 0 <= number <= HIGHEST_PORT:
        malformed.append(name)
        return None
    return number


def size(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401  any JSON
    """A number that cannot be negative, such as bytes; ``None`` stays ``None``."""
    number = integer(value, name, malformed)
    if number is not None and number < 0:
        malformed.append(name)
        return None
    return number


def status_code(value: Any, name: str, malformed: list[str]) -> int | None:  # noqa: ANN401
    """An HTTP status code; ``None`` for ``0`` and ``000``, which stand for no answer."""
    number = integer(value, name, malformed)
    if number and number not in _STATUS_CODES:
        malformed.append(name)
        return None
    return number or None


def seconds(value: Any, name: str, malformed: list[str]) -> float | None:  # noqa: ANN401
    """Decimal seconds; ``None`` for a negative number, which stands for a time nobody measured."""
    if value is None:
        return None
    try:
        number = float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or not -1e9 < number < 1e9:  # noqa: PLR2004  30 years; nan is not between
        malformed.append(name)
        return None
    return number if number >= 0 else None


def web_event(status: int | None) -> dict[str, Any]:
    """``event`` of a request by its answer; without one the outcome is not known."""
    is_failure = status is not None and status >= _FIRST_FAILURE
    known = "failure" if is_failure else "success"
    return {
        "kind": "event",
        "category": ["web"],
        "type": ["access", "error"] if is_failure else ["access"],
        "outcome": "unknown" if status is None else known,
    }


def hosts(*names: str | None) -> list[Any] | None:
    """Host names for ``related.hosts``; addresses belong to ``related.ip``."""
    return unique(*(name for name in names if name and not ip(name.strip("[]"))))
