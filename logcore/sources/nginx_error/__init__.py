"""Error logs of nginx: what failed, for whose request, and at which upstream.

Reference: https://nginx.org/en/docs/ngx_core_module.html#error_log
"""

import re

from logcore.errors import MalformedError
from logcore.formats.machine import environment, instance
from logcore.formats.wall_time import without_zone
from logcore.formats.web import hosts, request_line, url
from logcore.record import Document, LogRecord
from logcore.shape import compact, integer, ip, unique, utc
from logcore.source import Source

REFERENCE = "https://nginx.org/en/docs/ngx_core_module.html#error_log"

LEVELS = {
    "emerg": "emergency",
    "alert": "alert",
    "crit": "critical",
    "error": "error",
    "warn": "warn",
    "notice": "notice",
    "info": "info",
    "debug": "debug",
}
_FAILURES = frozenset({"emergency", "alert", "critical", "error"})
_LINE = re.compile(
    r"(?P<date>\d{4}/\d\d/\d\d) (?P<clock>\d\d:\d\d:\d\d) "
    r"\[(?P<level>emerg|alert|crit|error|warn|notice|info|debug)\] "
    r"(?P<pid>\d{1,10})#(?P<tid>\d{1,10}): (?:\*(?P<connection>\d{1,18}) )?(?P<text>.*)",
    re.DOTALL,
)
_CLIENT = ", client: "
_CONTEXT = re.compile(
    r", client: (?P<client>[^,\s]+)(?:, server: (?P<server>[^,]*))?"
    r"(?:, request: \"(?P<request>.*?)\")?"
    r"(?:, subrequest: \"(?P<subrequest>[^\"]*)\")?"
    r"(?:, upstream: \"(?P<upstream>[^\"]*)\")?"
    r"(?:, host: \"(?P<host>[^\"]*)\")?"
    r"(?:, referrer: \"(?P<referrer>[^\"]*)\")?\s*\Z",
    re.DOTALL,
)
"""What nginx knows of the request stands at the end of the line, in this order."""

_OS_ERROR = re.compile(r"\((\d{1,6}): ([^()]{1,200})\)")
_ASKED = re.compile(r"(?:\w+://)?(?P<server>unix:[^:]+|\[[0-9A-Fa-f:.]+\](?::\d+)?|[^/\s]+)")


def parse(record: LogRecord) -> Document:
    """Turn one line into an ECS web event.

    Raises:
        MalformedError: the line does not begin with time, level and process (``format_unknown``).
    """
    match = _LINE.fullmatch(record.message.strip())
    if match is None:
        detail = f"expected a time, a level and pid#tid:, found {record.message[:40]!r}"
        raise MalformedError("format_unknown", detail)
    malformed: list[str] = []
    said = _said(match, malformed)
    level = LEVELS[said["level"]]
    method, target, version = request_line(said.get("request"))
    client, host = said.get("client"), said.get("host", "").partition(":")[0] or None
    os_error = _OS_ERROR.search(said["text"])
    asked = _ASKED.match(said.get("upstream", ""))
    document = compact(
        {
            "@timestamp": _moment(said, record.time_ms, malformed),
            "message": match["text"],
            "event": {
                "kind": "event",
                "category": ["web"],
                "type": ["error" if level in _FAILURES else "info"],
                "reason": os_error[2] if os_error else None,
            },
            "error": {"code": os_error[1] if os_error else None},
            "log": {"level": level},
            "process": {
                "pid": integer(said["pid"], "pid", malformed),
                "thread": {"id": integer(said["tid"], "tid", malformed)},
            },
            "cloud": {"instance": {"id": instance(record.origin.log_stream)}},
            "service": {
                "type": "nginx",
                "environment": environment(record.origin.log_group),
            },
            "source": {"address": client, "ip": ip(client)},
            "http": {
                "version": version,
                "request": {"method": method, "referrer": said.get("referrer")},
            },
            "url": url(target, malformed, domain=host),
            "related": {"ip": unique(ip(client)), "hosts": hosts(host)},
            "nginx_error": {"upstream": asked["server"] if asked else None},
            "pipeline": {"malformed": malformed},
        }
    )
    document["nginx"] = {"error": said}
    return document


def _said(match: re.Match[str], malformed: list[str]) -> dict[str, str]:
    """What stands in a line, by name, without what is not there.

    Paths and headers hold whatever a client likes. So a line that names two clients names none.
    """
    found = match.groupdict()
    text = found["text"]
    context = _CONTEXT.search(text) if text.count(_CLIENT) == 1 else None
    if context:
        found |= context.groupdict() | {"text": text[: context.start()]}
    elif _CLIENT in text:
        malformed.append("client")
    return {name: value for name, value in found.items() if value or name == "text"}


def _moment(said: dict[str, str], record_ms: int, malformed: list[str]) -> str | None:
    """The line's time; where it cannot be of this zone, the record's own is taken."""
    found = without_zone(f"{said['date'].replace('/', '-')}T{said['clock']}", record_ms)
    if found is None:
        malformed.append("time")
    return None if found is None else utc(found)


def recognises(record: LogRecord) -> bool:
    """Whether the message begins with time, level and process as only nginx writes them."""
    return record.message[4:5] == "/" and _LINE.match(record.message) is not None


SOURCE = Source(
    name="nginx_error",
    dataset="nginx.error",
    reference=REFERENCE,
    log_groups=("*nginx/*error*", "*nginx-error*", "*nginx_error*"),
    marks=("#",),
    recognises=recognises,
    parse=parse,
)
