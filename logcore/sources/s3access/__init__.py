"""S3 server access logs: who asked what of which bucket and object, and what S3 answered.

Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

import re
from typing import Any

from logcore.formats.clf import clf_time
from logcore.formats.web import hosts, peer, request_line, size, status_code, tls, url, web_event
from logcore.identity import digest
from logcore.record import Document, LogRecord
from logcore.shape import compact, unique, utc
from logcore.source import Source
from logcore.sources.s3access.entry import read

REFERENCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html"

_NANOSECONDS = 1_000_000  # in a millisecond
_REGION = re.compile(r"\bs3[.-](?:dualstack\.|fips\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.")
_PARTS_OF_AN_ARN = 6
_TELLS_APART = "bucket_name request_time request_id operation key_name version_id".split()  # noqa: SIM905  read as a table
_LINE = re.compile(
    r"[0-9a-f]{64} [a-z0-9][a-z0-9._-]{2,62} \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "
    r"\S+ \S+ \S+ [A-Z0-9]+\.[A-Z0-9_.]+ "
)


def parse(record: LogRecord) -> Document:
    """Turn one access record into an ECS web event.

    Requests that touch several objects write several records with one request id, so the identity
    is made of that id with operation, bucket and object.

    Raises:
        MalformedError: see ``logcore.sources.s3access.entry.read``.
    """
    entry, raw = read(record)
    malformed: list[str] = []
    time_ms = clf_time(entry.get("request_time"))
    if time_ms is None:
        malformed.append("request_time")
    method, target, version = request_line(entry.get("request_uri"))
    status = status_code(entry.get("http_status"), "http_status", malformed)
    took = size(entry.get("total_time"), "total_time", malformed)
    sent = size(entry.get("bytes_sent"), "bytes_sent", malformed)
    client = peer(entry.get("remote_ip"), None, "remote_ip", malformed)
    host = entry.get("host_header")
    user = _user(entry.get("requester"))
    secured = "https" if "tls_version" in entry or "cipher_suite" in entry else "http"
    document = compact(
        {
            "@timestamp": None if time_ms is None else utc(time_ms),
            "event": {
                **web_event(status),
                "id": _identity(record, entry) if "request_id" in entry else None,
                "action": entry["operation"],
                "code": entry.get("error_code"),
                "reason": entry.get("error_code"),
                "duration": None if took is None or took > 10**12 else took * _NANOSECONDS,
            },
            "error": {"code": entry.get("error_code")},
            "cloud": {"service": {"name": "s3"}, "region": _region(host)},
            "client": {**client, "user": {"id": entry.get("requester")}},
            "source": client,
            "destination": {"address": host, "domain": host},
            "user": user,
            "http": {
                "version": version,
                "request": {
                    "id": entry.get("request_id"),
                    "method": method,
                    "referrer": entry.get("referrer"),
                },
                "response": {"status_code": status, "bytes": sent, "body": {"bytes": sent}},
            },
            "url": url(target, malformed, domain=host, scheme=secured if target and host else None),
            "user_agent": {"original": entry.get("user_agent")},
            "tls": tls(entry.get("tls_version"), entry.get("cipher_suite"), malformed),
            "related": {
                "ip": unique(client["ip"]),
                "user": unique(user.get("id"), user.get("name")),
                "hosts": hosts(host),
            },
            "s3access": _promoted(entry, malformed),
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"s3access": raw}
    return document


def _identity(record: LogRecord, entry: dict[str, str]) -> str:
    parts = (entry.get(name, "") for name in _TELLS_APART)
    return digest("s3access", record.origin.account, *parts)


def _region(host: str | None) -> str | None:
    match = _REGION.search(host) if host else None
    return match["region"] if match else None


def _user(requester: str | None) -> dict[str, Any]:
    """``user`` from an ARN or a canonical user id; only the ARN holds a name."""
    arn = (requester or "").split(":", _PARTS_OF_AN_ARN - 1)
    if len(arn) < _PARTS_OF_AN_ARN:
        return {"id": requester}
    kind, *names = arn[-1].split("/")
    role = names[0] if kind == "assumed-role" and names else None
    return {"id": requester, "name": (names or [kind])[-1] or None, "roles": unique(role)}


def _promoted(entry: dict[str, str], malformed: list[str]) -> dict[str, Any]:
    """What dashboards aggregate and ECS has no field for; declared in ``fields.toml``."""
    turn_around = size(entry.get("turn_around_time"), "turn_around_time", malformed)
    needed_acl = entry.get("acl_required", "").lower() in {"yes", "true"}
    return {
        "bucket": entry["bucket_name"],
        "bucket_owner": entry.get("bucket_owner_id"),
        "key": entry.get("key_name"),
        "version_id": entry.get("version_id"),
        "object_size": size(entry.get("object_size"), "object_size", malformed),
        "turn_around_ms": turn_around,
        "signature_version": entry.get("signature_version"),
        "authentication_type": entry.get("authentication_type"),
        "is_anonymous": "requester" not in entry and entry["operation"].startswith("REST."),
        "acl_required": needed_acl,
        "access_point_arn": entry.get("access_point_arn"),
        "source_region": entry.get("source_region"),
    }


def recognises(record: LogRecord) -> bool:
    """Whether the message is a line that begins as these logs do, up to the operation."""
    return _LINE.match(record.message) is not None


SOURCE = Source(
    name="s3access",
    dataset="aws.s3access",
    reference=REFERENCE,
    log_groups=(
        "/aws/vendedlogs/s3*",
        "/aws/vendedlogs/S3*",
        "/aws/s3/access*",
        "/aws/s3access*",
        "*s3-access*",
        "*s3access*",
        "*s3-server-access*",
    ),
    objects=(
        "*20[0-9][0-9]-[01][0-9]-[0-3][0-9]-[0-2][0-9]-[0-5][0-9]-[0-5][0-9]-" + "[0-9A-F]" * 16,
    ),
    marks=(" [",),
    recognises=recognises,
    parse=parse,
)
