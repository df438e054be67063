"""Shapes the entry of a web server's access log as an ECS web event."""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network

from logcore.formats.access_line import Entry
from logcore.formats.machine import environment, instance
from logcore.formats.wall_time import access_time
from logcore.formats.web import hosts, request_line, seconds, size, status_code, tls, url, web_event
from logcore.record import Document, LogRecord
from logcore.shape import compact, ip, milliseconds, unique, utc

_NANOSECONDS = 1_000_000_000  # in a second
_LONGEST = 10**9  # seconds, so that nanoseconds fit a long
_EPOCH_SECONDS = re.compile(r"\d{9,10}(\.\d{1,6})?")
_INSIDE = tuple(
    ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7")
)
"""Where a load balancer or a sidecar stands: RFC 1918, loopback, unique local addresses."""


def access_document(entry: Entry, record: LogRecord, server: str) -> Document:
    """One request as a document, without its dataset's ``flat_object``.

    ``source`` is who connected. ``client`` is the same, unless that was a proxy of one's own, at a
    private address: then it is the last address of X-Forwarded-For, which that proxy wrote. What
    stands before it anybody can make up; the first one goes into ``network.forwarded_ip``.

    Args:
        entry: The columns.
        record: Where they come from.
        server: ``service.type``, such as ``nginx``.
    """
    said, malformed = entry.said, list[str]()
    method, target, version = _request(said)
    status = status_code(said.get("status"), "status", malformed)
    sent = size(said.get("bytes"), "bytes", malformed)
    host, at = _host(said)
    peer, forwarded = said.get("client"), _forwarded(said.get("forwarded_for"))
    client = forwarded[-1] if forwarded and _is_inside(peer) else peer
    user = said.get("user")
    return compact(
        {
            "@timestamp": _moment(said.get("time"), malformed),
            "event": {
                **web_event(status),
                "duration": _nanoseconds(said.get("seconds"), malformed),
            },
            "cloud": {"instance": {"id": instance(record.origin.log_stream)}},
            "service": {"type": server, "environment": environment(record.origin.log_group)},
            "source": {"address": peer, "ip": ip(peer), "domain": _name(peer)},
            "client": {"address": client, "ip": ip(client)},
            "network": {"forwarded_ip": forwarded[0] if forwarded else None},
            "user": {"name": user},
            "http": {
                "version": version,
                "request": {
                    "id": said.get("request_id"),
                    "method": method,
                    "bytes": size(said.get("request_bytes"), "request_bytes", malformed),
                    "referrer": said.get("referrer"),
                },
                "response": {"status_code": status, "body": {"bytes": sent}},
            },
            "url": url(target, malformed, domain=host, port=at, scheme=said.get("scheme")),
            "user_agent": {"original": said.get("user_agent")},
            "tls": tls(said.get("tls_version"), said.get("tls_cipher"), malformed),
            "related": {
                "ip": unique(ip(peer), *forwarded),
                "hosts": hosts(host, _name(peer)),
                "user": unique(user),
            },
            "pipeline": {"malformed": malformed},
        }
    )


def _request(said: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """Method, target and version; what is no request, such as TLS spoken to a plain port, is none.

    JSON has them in one key or in several.
    """
    method, target, version = request_line(said.get("request"))
    target = target or said.get("target")
    if target and "query" in said and "?" not in target:
        target = f"{target}?{said['query'].removeprefix('?')}"
    stated = said.get("version", "").removeprefix("HTTP/") or None
    return method or said.get("method"), target, version or stated


def _host(said: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Virtual host and port, also where they stand in one: ``example.com:8080``."""
    stated = said.get("host", "")
    name, _, at = stated.rpartition(":")
    if name and at.isdecimal():
        return name, at
    return stated or None, said.get("port")


def _name(address: str | None) -> str | None:
    """The name of a peer, where httpd looks names up (``HostnameLookups``)."""
    return address if address and "." in address and not ip(address) else None


def _forwarded(text: str | None) -> list[str]:
    """The addresses of X-Forwarded-For, in order; what is none is left out."""
    return [part for part in (p.strip() for p in (text or "").split(",")) if ip(part)]


@lru_cache(maxsize=4_096)
def _is_inside(address: str | None) -> bool:
    if not ip(address):
        return False
    where = ip_address(address or "")
    return any(where in network for network in _INSIDE if network.version == where.version)


def _moment(text: str | None, malformed: list[str]) -> str | None:
    """The time of a line, ISO 8601, or nginx's ``$msec``; absent, the record's own is taken."""
    if text is None:
        return None
    found = access_time(text.strip("[]"))  # httpd's %t has the brackets
    if found is None and _EPOCH_SECONDS.fullmatch(text):
        found = round(float(text) * 1000)
    found = milliseconds(text) if found is None else found
    if found is None:
        malformed.append("time")
    return None if found is None else utc(found)


def _nanoseconds(text: str | None, malformed: list[str]) -> int | None:
    found = seconds(text, "seconds", malformed)
    return None if found is None or found > _LONGEST else round(found * _NANOSECONDS)
