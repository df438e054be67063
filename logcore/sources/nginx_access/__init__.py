"""Access logs of nginx: the combined format, the ``main`` format of its packages, or JSON.

Reference: https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

import re

from logcore.formats.access_document import access_document
from logcore.formats.access_line import read, recognised
from logcore.record import Document, LogRecord
from logcore.shape import compact
from logcore.source import Source

REFERENCE = "https://nginx.org/en/docs/http/ngx_http_log_module.html"

_INGRESS = re.compile(r" \d+ \d+\.\d{3} \[[^\]]*\] ")
"""https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/"""

_SECONDS = re.compile(r"\d{1,9}\.\d{1,9}")


def parse(record: LogRecord) -> Document:
    """Turn one line, or one JSON object, into an ECS web event.

    Raises:
        MalformedError: see ``logcore.formats.access_line.read``.
    """
    entry = read(record)
    document = access_document(entry, record, "nginx")
    own = {
        "upstream": entry.said.get("upstream"),
        "upstream_seconds": _waited(entry.said.get("upstream_seconds", "")),
    }
    document |= compact({"nginx_access": own})
    document["nginx"] = {"access": entry.raw}
    return document


def _waited(text: str) -> float | None:
    """Seconds that all upstreams together took: ``0.004, 0.012`` where a second one was asked."""
    times = _SECONDS.findall(text)
    return round(sum(map(float, times)), 6) if times else None


def recognises(record: LogRecord) -> bool:
    """Whether the whole message is a line that nginx writes.

    Its combined format is httpd's; it is nginx's where the group says so, or where one more column
    in quotes follows, the ``$http_x_forwarded_for`` of the ``main`` format, or the columns of
    Kubernetes' ingress controller.
    """
    further = recognised(record.message)
    if further is None:
        return False
    is_marked = further.startswith(' "') or _INGRESS.match(further) is not None
    return is_marked or "nginx" in record.origin.log_group


SOURCE = Source(
    name="nginx_access",
    dataset="nginx.access",
    reference=REFERENCE,
    log_groups=("*nginx/*access*", "*nginx-access*", "*nginx_access*"),
    marks=('] "',),
    recognises=recognises,
    parse=parse,
)
