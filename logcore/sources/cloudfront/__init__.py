"""CloudFront standard and real-time logs: each request at the edge, and what the cache made of it.

Reference: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

from logcore.formats.web import (
    domain_parts,
    hosts,
    peer,
    port,
    seconds,
    size,
    status_code,
    tls,
    url,
    web_event,
)
from logcore.record import Document, LogRecord
from logcore.shape import EARLIEST_MS, LATEST_MS, compact, integer, ip, milliseconds, unique, utc
from logcore.source import Source
from logcore.sources.cloudfront.entry import is_header, read
from logcore.sources.cloudfront.realtime import REALTIME_FIELDS, is_realtime, realtime_fields_of

REFERENCE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html"

_NANOSECONDS = 1_000_000_000  # in a second
_SECONDS = re.compile(r"(\d{1,10})(?:\.(\d{1,3})\d*)?")
_LINE = re.compile(
    r"\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t[A-Z]{3}\d+-[A-Z0-9]+\t\d+\t[0-9a-f.:]+\t[A-Z]+\t"
)


def parse(record: LogRecord, realtime_fields: tuple[str, ...] = REALTIME_FIELDS) -> Document:
    """Turn one request at the edge into an ECS web event.

    It is a line (v1) or JSON (v2) of a standard log, or a line of a real-time log. CloudFront gives
    each request an id, which is the event's; a real-time log may leave it out.

    Args:
        record: Its message is one request.
        realtime_fields: The columns of a line of a real-time log.

    Raises:
        MalformedError: see ``logcore.sources.cloudfront.entry.read``.
    """
    entry, raw = read(record, realtime_fields)
    malformed: list[str] = []
    status = status_code(entry.get("sc-status"), "sc-status", malformed)
    client = peer(entry.get("c-ip"), None, "c-ip", malformed)
    client["port"] = port(entry.get("c-port"), "c-port", malformed)
    is_failure = status is None or status >= 400  # noqa: PLR2004  RFC 9110, section 15.5
    result, host = entry.get("x-edge-result-type"), entry.get("x-host-header")
    distribution = entry.get("cs(Host)")
    took = seconds(entry.get("time-taken"), "time-taken", malformed)
    document = compact(
        {
            "@timestamp": _time(entry, malformed),
            "event": {
                **web_event(status),
                "id": entry.get("x-edge-request-id"),
                "action": result.lower() if result else None,
                "reason": entry.get("x-edge-detailed-result-type") if is_failure else None,
                "duration": None if took is None else round(took * _NANOSECONDS),
            },
            "cloud": {"service": {"name": "cloudfront"}},
            "client": client,
            "source": {
                **client,
                "geo": {"country_iso_code": entry.get("c-country")},
                "as": {"number": integer(entry.get("asn"), "asn", malformed)},
            },
            "destination": {
                "address": distribution,
                "domain": distribution,
                **domain_parts(distribution),
                "ip": ip(entry.get("s-ip")),
            },
            "network": {"protocol": entry.get("cs-protocol"), "type": _network(client["ip"])},
            "http": _http(entry, status, malformed),
            "url": _url(entry, host or distribution, malformed),
            "user_agent": {"original": _decoded(entry.get("cs(User-Agent)"))},
            "tls": _tls(entry, malformed),
            "related": {
                "ip": unique(client["ip"], ip(entry.get("s-ip")), *_forwarded(entry)),
                "hosts": hosts(host, distribution, entry.get("r-host")),
            },
            "cloudfront": _promoted(entry, malformed),
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"cloudfront_logs": raw}
    return document


def _promoted(entry: dict[str, str], malformed: list[str]) -> dict[str, Any]:
    """What dashboards aggregate and ECS has no field for; declared in ``fields.toml``."""
    times = {
        "time_to_first_byte": "time-to-first-byte",
        "origin_time_to_first_byte": "origin-fbl",
        "origin_time_to_last_byte": "origin-lbl",
    }
    return {
        "distribution_id": entry.get("DistributionId"),
        "tenant_id": entry.get("distribution-tenant-id"),
        "edge_location": entry.get("x-edge-location"),
        "cache_behaviour": entry.get("cache-behavior-path-pattern"),
        "origin_host": entry.get("r-host"),
        "result_type": entry.get("x-edge-result-type"),
        "response_result_type": entry.get("x-edge-response-result-type"),
        "detailed_result_type": entry.get("x-edge-detailed-result-type"),
        "forwarded_for": entry.get("x-forwarded-for"),
        **{own: seconds(entry.get(name), name, malformed) for own, name in times.items()},
    }


def _forwarded(entry: dict[str, str]) -> list[str | None]:
    """The addresses that the viewer's request says it was forwarded for."""
    stated = _decoded(entry.get("x-forwarded-for")) or ""
    return [ip(part.strip()) for part in stated.split(",")]


def _time(entry: dict[str, str], malformed: list[str]) -> str | None:
    """The time with milliseconds where it was asked for, else date and time, which have seconds."""
    found = milliseconds(f"{entry.get('date', '')}T{entry.get('time', '')}")
    if found is None and "time" in entry:
        malformed.append("time")
    if "timestamp(ms)" in entry:
        found = integer(entry["timestamp(ms)"], "timestamp(ms)", malformed) or found
    elif "timestamp" in entry:
        found = _since_epoch(entry["timestamp"], malformed) or found
    return utc(found) if found is not None and EARLIEST_MS <= found < LATEST_MS else None


def _since_epoch(decimal: str, malformed: list[str]) -> int | None:
    """Milliseconds from ``1772366413.123`` seconds."""
    match = _SECONDS.fullmatch(decimal)
    if match is None:
        malformed.append("timestamp")
        return None
    return int(match[1]) * 1_000 + int((match[2] or "").ljust(3, "0"))


def _http(entry: dict[str, str], status: int | None, malformed: list[str]) -> dict[str, Any]:
    version = entry.get("cs-protocol-version")
    length = size(entry.get("sc-content-len"), "sc-content-len", malformed)
    return {
        "version": version.removeprefix("HTTP/") if version else None,
        "request": {
            "id": entry.get("x-edge-request-id"),
            "method": entry.get("cs-method"),
            "bytes": size(entry.get("cs-bytes"), "cs-bytes", malformed),
            "referrer": _decoded(entry.get("cs(Referer)")),
        },
        "response": {
            "status_code": status,
            "bytes": size(entry.get("sc-bytes"), "sc-bytes", malformed),
            "body": {"bytes": length},
            "mime_type": _decoded(entry.get("sc-content-type")),
        },
    }


def _url(entry: dict[str, str], domain: str | None, malformed: list[str]) -> dict[str, Any]:
    """``url``. The stem of a standard log has no query, that of a real-time log has it within."""
    path, query = entry.get("cs-uri-stem"), entry.get("cs-uri-query")
    original = f"{path}?{query}" if path and query and "?" not in path else path
    return url(original, malformed, domain=domain, scheme=entry.get("cs-protocol"))


def _decoded(value: str | None) -> str | None:
    """CloudFront writes blanks and the like in headers with percent signs."""
    return unquote(value) if value else None


def _tls(entry: dict[str, str], malformed: list[str]) -> dict[str, Any]:
    return tls(entry.get("ssl-protocol"), entry.get("ssl-cipher"), malformed, "ssl-protocol")


def _network(address: str | None) -> str | None:
    return f"ipv{ip_address(address).version}" if address else None


def recognises(record: LogRecord, realtime_fields: tuple[str, ...] = REALTIME_FIELDS) -> bool:
    """Whether the message is a line of a real-time log, or begins as a standard log's does."""
    if _LINE.match(record.message) is not None:
        return True
    return is_realtime(record.message, realtime_fields)


def configure(options: Mapping[str, Any]) -> Source:
    """The source with a deployment's own list of fields of real-time logs.

    Raises:
        ConfigurationError: see ``realtime_fields_of``.
    """
    fields = realtime_fields_of(options)
    return replace(
        SOURCE,
        parse=partial(parse, realtime_fields=fields),
        recognises=partial(recognises, realtime_fields=fields),
    )


SOURCE = Source(
    name="cloudfront",
    dataset="aws.cloudfront_logs",
    reference=REFERENCE,
    log_groups=(
        "/aws/vendedlogs/cloudfront*",
        "/aws/vendedlogs/CloudFront*",
        "/aws/cloudfront/access*",
        "/aws/cloudfront/standard*",
        "*cloudfront-access*",
        "*cloudfront-logs*",
    ),
    objects=(
        "*.20[0-9][0-9]-[01][0-9]-[0-3][0-9]-[0-2][0-9].????????.gz",  # distribution, hour, any
        "*AWSLogs/*/CloudFront/*",
    ),
    header=is_header,
    marks=("\t",),
    recognises=recognises,
    parse=parse,
    configure=configure,
)
"""Claims no ``/aws/cloudfront/*``: functions at the edge write to ``/aws/cloudfront/function/``."""
