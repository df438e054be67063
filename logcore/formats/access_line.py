"""Reads the access logs of web servers: a line in one of the common formats, or a JSON object.

References: https://httpd.apache.org/docs/2.4/logs.html#accesslog and
https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from logcore.errors import MalformedError
from logcore.record import LogRecord
from logcore.shape import ip, json_object

_QUOTED = r'"(?P<{}>(?:[^"\\]|\\.)*)"'
# The servers escape quotes in what clients say; a name of a user may hold blanks.
_LINE = re.compile(
    r"(?:(?P<host>[^\s:\"]+|\[[^\]\s]+\])(?::(?P<port>\d{1,5}))? (?=[0-9a-fA-F.:]{3}))?"
    r"(?P<client>[^\s\"]+) (?P<ident>\S+) (?P<user>\S.*?) "
    r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    + _QUOTED.format("request")
    + r" (?P<status>\d{3}|-) (?P<bytes>\d{1,18}|-)"
    + f"(?: {_QUOTED.format('referrer')} {_QUOTED.format('user_agent')})?"
    + r"(?P<rest>(?: .*)?)\s*",
    re.DOTALL,
)
"""Common (``host ident user [time] "request" status bytes``), combined (with referrer and user
agent), either with the virtual host in front, and whatever columns follow."""

_FURTHER = re.compile(
    r'(?:(?P<name>[A-Za-z_]\w*)=)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]+))(?=\s|\Z)'
)
_TAIL = re.compile(r'(?: (?:[^\s"]+(?:"(?:[^"\\]|\\.)*")?|"(?:[^"\\]|\\.)*"))*')
_UPSTREAM = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}")
_SECONDS = re.compile(r"\d{1,9}\.\d{1,9}")
_NAMES = {
    "client": "remoteaddr remoteip client clientip ip",
    "user": "remoteuser user",
    "time": "timeiso8601 timelocal time timestamp msec @timestamp datetime",
    "request": "request requestline",
    "method": "requestmethod method",
    "target": "requesturi uri url path requesturl",
    "query": "args querystring query",
    "version": "serverprotocol protocol httpversion",
    "status": "status statuscode responsestatus",
    "bytes": "bodybytessent bytes bytessent responsesize size",
    "request_bytes": "requestlength requestsize",
    "referrer": "httpreferer referer referrer httpreferrer",
    "user_agent": "httpuseragent useragent agent",
    "forwarded_for": "httpxforwardedfor xforwardedfor forwardedfor xff",
    "seconds": "requesttime rt duration",
    "upstream_seconds": "upstreamresponsetime urt",
    "upstream": "upstreamaddr upstream",
    "host": "host httphost servername vhost virtualhost",
    "request_id": "requestid",
    "scheme": "scheme",
    "tls_version": "sslprotocol",
    "tls_cipher": "sslcipher",
}
_NAME_OF = {alias: name for name, aliases in _NAMES.items() for alias in aliases.split()}
"""Our name by what people call it in their formats, compared without case, ``_`` and ``-``."""


class Entry(NamedTuple):
    """What was found in a record.

    Attributes:
        said: Text by our own names (``client``, ``status`` …), without what holds nothing (``-``).
        raw: What to keep of it: the columns under our names, or the JSON object as it came.
    """

    said: dict[str, str]
    raw: Mapping[str, Any]


def recognised(message: str) -> str | None:
    """What follows the format's own columns, empty when nothing; ``None`` when it is no such line.

    Stricter than ``read``, which is told what it reads: the client is an address, the virtual host
    has a dot or a port, and what follows is words and quoted columns.
    """
    if '] "' not in message:  # cheap, as every line of every application is asked
        return None
    match = _LINE.fullmatch(message)
    if match is None or not ip(match["client"]) or not _TAIL.fullmatch(match["rest"]):
        return None
    is_host = match["host"] is None or "." in match["host"] or match["port"]
    return match["rest"] if is_host else None


def read(record: LogRecord) -> Entry:
    """The columns of one access record.

    Raises:
        MalformedError: a line is in none of the formats (``format_unknown``), an object names no
            request (``no_request``), or what begins like an object is none (``not_json``).
    """
    if record.body is not None or record.message.lstrip()[:1] == "{":
        return _from_object(json_object(record))
    match = _LINE.fullmatch(record.message)
    if match is None:
        detail = f"expected the common log format, found {record.message[:40]!r}"
        raise MalformedError("format_unknown", detail)
    found = match.groupdict(default="")
    extra = found.pop("rest").strip()
    raw = {name: value for name, value in found.items() if value not in {"", "-"}}
    said = _further(extra) | raw
    return Entry(said, raw | {"extra": extra} if extra else raw)


def _further(extra: str) -> dict[str, str]:
    """What stands after the user agent, as far as its form says what it is.

    Named columns (``rt=0.005``), lists of addresses (``X-Forwarded-For``), an address with a port,
    which is an upstream, and decimal seconds: nginx's request time, then its upstream's. Anything
    else is kept as ``extra``.
    """
    found: dict[str, str] = {}
    for column in _FURTHER.finditer(extra):
        value = column["bare"] or column["quoted"] or "-"
        if column["name"]:
            name = _NAME_OF.get(_plain(column["name"]), "")
        else:
            name = _by_form(value, found)
        if name and value != "-":
            found.setdefault(name, value)
    return found


def _by_form(value: str, found: Mapping[str, str]) -> str:
    if ip(value.partition(",")[0].strip()):
        return "forwarded_for"
    if _UPSTREAM.fullmatch(value):
        return "upstream"
    if _SECONDS.fullmatch(value):
        return "upstream_seconds" if "seconds" in found else "seconds"
    return ""


def _from_object(body: dict[str, Any]) -> Entry:
    said: dict[str, str] = {}
    for key, value in body.items():
        name = _NAME_OF.get(_plain(key))
        if name and isinstance(value, str | int | float) and value not in {"", "-"}:
            said.setdefault(name, str(value))
    if not {"request", "target"} & said.keys() or "status" not in said:
        raise MalformedError("no_request", "expected a request and its status, found other keys")
    return Entry(said, body)


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")
