"""CloudFront standard logs: every request at the edge, and whether the cache could answer it.

Reference: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

from logcore.record import Document, LogRecord
from logcore.shape import EARLIEST_MS, LATEST_MS, compact, integer, milliseconds, unique, utc
from logcore.source import Source
from logcore.sources.cloudfront.entry import read
from logcore.web import hosts, peer, port, seconds, size, status_code, tls, url, web_event

REFERENCE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html"

_NANOSECONDS = 1_000_000_000  # in a second
_LINE = re.compile(
    r"\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t[A-Z]{3}\d+-[A-Z0-9]+\t\d+\t[0-9a-f.:]+\t[A-Z]+\t"
)


def parse(record: LogRecord) -> Document:
    """Turn one request at the edge into an ECS web event, from a line (v1) or JSON (v2).

    CloudFront gives each request an id, which is the event's.

    Raises:
        MalformedError: see ``logcore.sources.cloudfront.entry.read``.
    """
    entry, raw = read(record)
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
                "id": entry["x-edge-request-id"],
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
            "destination": {"address": distribution, "domain": distribution},
            "network": {"protocol": entry.get("cs-protocol"), "type": _network(client["ip"])},
            "http": _http(entry, status, malformed),
            "url": _url(entry, host or distribution, malformed),
            "user_agent": {"original": _decoded(entry.get("cs(User-Agent)"))},
            "tls": _tls(entry, malformed),
            "related": {"ip": unique(client["ip"]), "hosts": hosts(host, distribution)},
            "cloudfront": {
                "distribution_id": entry.get("DistributionId"),
                "edge_location": entry.get("x-edge-location"),
                "result_type": result,
                "response_result_type": entry.get("x-edge-response-result-type"),
                "detailed_result_type": entry.get("x-edge-detailed-result-type"),
                "time_to_first_byte": seconds(
                    entry.get("time-to-first-byte"), "time-to-first-byte", malformed
                ),
                "forwarded_for": entry.get("x-forwarded-for"),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"cloudfront_logs": raw}
    return document


def _time(entry: dict[str, str], malformed: list[str]) -> str | None:
    """``timestamp(ms)`` where it was asked for, else date and time, which have seconds only."""
    if "timestamp(ms)" in entry:
        found = integer(entry["timestamp(ms)"], "timestamp(ms)", malformed)
        if found is not None and EARLIEST_MS <= found < LATEST_MS:
            return utc(found)
    found = milliseconds(f"{entry.get('date', '')}T{entry.get('time', '')}")
    if found is None and "time" in entry:
        malformed.append("time")
    return None if found is None else utc(found)


def _http(entry: dict[str, str], status: int | None, malformed: list[str]) -> dict[str, Any]:
    version = entry.get("cs-protocol-version")
    length = size(entry.get("sc-content-len"), "sc-content-len", malformed)
    return {
        "version": version.removeprefix("HTTP/") if version else None,
        "request": {
            "id": entry["x-edge-request-id"],
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
    path, query = entry.get("cs-uri-stem"), entry.get("cs-uri-query")
    original = f"{path}?{query}" if path and query else path
    return url(original, malformed, domain=domain, scheme=entry.get("cs-protocol"))


def _decoded(value: str | None) -> str | None:
    """CloudFront writes blanks and the like in headers with percent signs."""
    return unquote(value) if value else None


def _tls(entry: dict[str, str], malformed: list[str]) -> dict[str, Any]:
    return tls(entry.get("ssl-protocol"), entry.get("ssl-cipher"), malformed, "ssl-protocol")


def _network(address: str | None) -> str | None:
    return f"ipv{ip_address(address).version}" if address else None


def recognises(record: LogRecord) -> bool:
    """Whether the message begins as a tab-separated line does, up to the method."""
    return _LINE.match(record.message) is not None


SOURCE = Source(
    name="cloudfront",
    dataset="aws.cloudfront_logs",
    reference=REFERENCE,
    log_groups=(
        "/aws/vendedlogs/cloudfront*",
        "/aws/cloudfront/access*",
        "/aws/cloudfront/standard*",
        "*cloudfront-access*",
        "*cloudfront-logs*",
    ),
    mark="\t",
    recognises=recognises,
    parse=parse,
)
"""Claims no ``/aws/cloudfront/*``: functions at the edge write to ``/aws/cloudfront/function/``."""
