"""Real-time logs: lines of a chosen list of fields, which CloudFront writes to a Kinesis stream.

Reference: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
"""

import re
from collections.abc import Mapping
from typing import Any

from logcore.errors import ConfigurationError
from logcore.shape import ip

REALTIME_FIELDS = tuple(
    name
    for line in (
        "timestamp c-ip s-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host",
        "cs-uri-stem cs-bytes x-edge-location x-edge-request-id x-host-header time-taken",
        "cs-protocol-version c-ip-version cs-user-agent cs-referer cs-cookie cs-uri-query",
        "x-edge-response-result-type x-forwarded-for ssl-protocol ssl-cipher x-edge-result-type",
        "fle-encrypted-fields fle-status sc-content-type sc-content-len sc-range-start",
        "sc-range-end c-port x-edge-detailed-result-type c-country cs-accept-encoding cs-accept",
        "cache-behavior-path-pattern cs-headers cs-header-names cs-headers-count",
        "primary-distribution-id primary-distribution-dns-name origin-fbl origin-lbl asn",
        "cmcd-encoded-bitrate cmcd-buffer-length cmcd-buffer-starvation cmcd-content-id",
        "cmcd-object-duration cmcd-deadline cmcd-measured-throughput cmcd-next-object-request",
        "cmcd-next-range-request cmcd-object-type cmcd-playback-rate",
        "cmcd-requested-maximum-throughput cmcd-streaming-format cmcd-session-id",
        "cmcd-stream-type cmcd-startup cmcd-top-bitrate cmcd-version r-host sr-reason",
        "x-edge-mqcs distribution-tenant-id connection-id",
    )
    for name in line.split()
)
"""Every field, in the order in which AWS lists and sends them."""

STANDARD_NAMES = {
    "cs-cookie": "cs(Cookie)",
    "cs-host": "cs(Host)",
    "cs-referer": "cs(Referer)",
    "cs-user-agent": "cs(User-Agent)",
    "distributionid": "DistributionId",
    "primary-distribution-id": "DistributionId",
}
"""What standard logs call a field."""

_BEGINNING = re.compile(r"\d{10}\.\d{3}\t")


def is_realtime(line: str, fields: tuple[str, ...]) -> bool:
    """Whether a line begins with a time, has as many columns, and address and status fit theirs."""
    if not _BEGINNING.match(line) or line.count("\t") != len(fields) - 1:
        return False
    found = dict(zip(fields, line.split("\t"), strict=True))
    status = found.get("sc-status", "000")
    return len(status) == 3 and status.isdecimal() and bool(ip(found.get("c-ip", "::")))  # noqa: PLR2004  three digits


def realtime_fields_of(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of ``{"realtime_fields": ["timestamp", "c-ip", ...]}``, in the order they come.

    ``aws cloudfront get-realtime-log-config`` gives them in that order. AWS adds new ones, so the
    names are not checked.

    Raises:
        ConfigurationError: the option is another one or no list of names, a name stands twice, or
            the time is not the first.
    """
    if unknown := sorted(set(options) - {"realtime_fields"}):
        raise ConfigurationError("option_unknown", f"cloudfront has no option {unknown[0]!r}")
    fields = options.get("realtime_fields", REALTIME_FIELDS)
    if not isinstance(fields, list | tuple) or not all(isinstance(name, str) for name in fields):
        raise ConfigurationError("fields_unusable", "expected realtime_fields to list names")
    if [*fields][:1] != ["timestamp"] or len(set(fields)) != len(fields):
        detail = "expected realtime_fields to begin with timestamp and to name each field once"
        raise ConfigurationError("fields_unusable", detail)
    return tuple(fields)
