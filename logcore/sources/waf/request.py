"""The request itself: who asked whom for what, as ECS fields.

Reference: https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
"""

import re
from typing import Any

from logcore.formats.web import domain_parts, hosts, peer, size
from logcore.shape import integer, ip, listed, obj, text, unique

_HOST = re.compile(r"(?P<name>\[[^\]]*\]|[^:]*)(?::\d{1,5})?")
_EXTENSION = re.compile(r"[^/]\.([A-Za-z0-9]{1,10})\Z")
_HIGHEST_ASN = 2**32 - 1  # RFC 6793


def request_of(raw: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The parts of the document that follow from ``httpRequest``, by root field."""
    request = obj(raw.get("httpRequest"))
    headers = headers_of(request)
    host = _host(request, headers)
    source = peer(text(request.get("clientIp")), None, "clientIp", malformed)
    version = (text(request.get("httpVersion")) or "").removeprefix("HTTP/") or None
    domain = None if ip(host) else host
    return {
        "url": _url(request, host),
        "http": {
            "version": version,
            "request": {
                "id": _request_id(request),
                "method": text(request.get("httpMethod")),
                "mime_type": headers.get("content-type", "").partition(";")[0].strip() or None,
                "referrer": headers.get("referer"),
                "body": {"bytes": _body_bytes(raw, headers, malformed)},
            },
        },
        "source": {
            **source,
            "geo": {"country_iso_code": _country(request)},
            "as": {"number": _as_number(raw, malformed)},
        },
        "client": {"address": source["address"], "ip": source["ip"]},
        "destination": {
            "address": host,
            "ip": ip(host),
            "domain": domain,
            **domain_parts(domain),
        },
        "network": {
            "protocol": "http",
            "transport": "udp" if (version or "").startswith("3") else "tcp",  # HTTP/3 is QUIC
            "type": _ip_version(source["ip"]),
        },
        "user_agent": {"original": headers.get("user-agent")},
        "tls": {"client": {"ja3": text(raw.get("ja3Fingerprint"))}},
        "related": {"ip": unique(source["ip"], ip(host)), "hosts": hosts(domain)},
    }


def _request_id(request: dict[str, Any]) -> str | None:
    """The id, which of a request without one is the word ``null``."""
    found = text(request.get("requestId"))
    return None if found == "null" else found


def headers_of(request: dict[str, Any]) -> dict[str, str]:
    """The headers by their name in lower case; of a repeated one, the first."""
    found: dict[str, str] = {}
    for header in listed(request.get("headers")):
        name, value = text(obj(header).get("name")), text(obj(header).get("value"))
        if name and value:
            found.setdefault(name.lower(), value)
    return found


def _host(request: dict[str, Any], headers: dict[str, str]) -> str | None:
    """The host without its port, from its own field or the header of any HTTP version."""
    named = text(request.get("host")) or headers.get("host") or headers.get(":authority")
    found = _HOST.fullmatch(named or "")
    return (found["name"].strip("[]") or None) if found else named


def _url(request: dict[str, Any], host: str | None) -> dict[str, Any]:
    """The URL by its parts as WAF has them: what an attacker sent is seldom a URL by the book."""
    path, query = text(request.get("uri")), text(request.get("args"))
    extension = _EXTENSION.search(path or "")
    return {
        "original": f"{path}?{query}" if path and query else path,
        "path": path,
        "query": query,
        "scheme": text(request.get("scheme")),
        "extension": extension[1].lower() if extension else None,
        "domain": host,
        **domain_parts(host),
    }


def _body_bytes(raw: dict[str, Any], headers: dict[str, str], malformed: list[str]) -> int | None:
    stated = raw.get("requestBodySize")
    if stated is not None:
        return size(stated, "requestBodySize", malformed)
    return size(headers.get("content-length"), "content-length", malformed)


def _country(request: dict[str, Any]) -> str | None:
    country = text(request.get("country"))
    return country if country != "-" else None


def _as_number(raw: dict[str, Any], malformed: list[str]) -> int | None:
    """The number of the client's network, which only web ACLs with an ASN rule log."""
    number = integer(raw.get("clientAsn"), "clientAsn", malformed)
    if number is not None and not 0 <= number <= _HIGHEST_ASN:
        malformed.append("clientAsn")
        return None
    return number


def _ip_version(address: str | None) -> str | None:
    if address is None:
        return None
    return "ipv6" if ":" in address else "ipv4"
