"""The shapes of load balancer logs: which column is which, and what tells a line's shape.

Columns keep AWS's names, with an underscore where AWS has a colon.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from logcore.errors import MalformedError
from logcore.formats.web import columns
from logcore.record import LogRecord
from logcore.shape import ip, json_object, milliseconds, text

type Entry = dict[str, str]
"""One line's columns by name, without those that hold nothing (``-``)."""


@dataclass(frozen=True, slots=True)
class Format:
    """One shape of line.

    Attributes:
        load_balancer: ``application``, ``network`` or ``classic``.
        log: ``access`` or ``connection``.
        columns: Their names in the line's order. AWS adds new ones at the end.
        least: How many of them the oldest lines still in use have.
    """

    load_balancer: str
    log: str
    columns: tuple[str, ...]
    least: int


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
ALB = Format(
    "application",
    "access",
    _names(
        "type time elb client_port target_port request_processing_time target_processing_time"
        " response_processing_time elb_status_code target_status_code received_bytes sent_bytes"
        " request user_agent ssl_cipher ssl_protocol target_group_arn trace_id domain_name"
        " chosen_cert_arn matched_rule_priority request_creation_time actions_executed redirect_url"
        " error_reason target_port_list target_status_code_list classification"
        " classification_reason conn_trace_id transformed_host transformed_uri"
        " request_transform_status ip_address"
    ),
    18,  # as of 2016, up to trace_id
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
ALB_CONNECTION = Format(
    "application",
    "connection",
    _names(
        "timestamp client_ip client_port listener_port tls_protocol tls_cipher"
        " tls_handshake_latency leaf_client_cert_subject leaf_client_cert_validity"
        " leaf_client_cert_serial_number tls_verify_status conn_trace_id tls_keyexchange elb"
        " ip_address"
    ),
    11,
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html
ALB_HEALTH = Format(
    "application",
    "health_check",
    _names(
        "type time latency target_addr target_group_id status status_code reason_code elb"
        " ip_address"
    ),
    8,
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
NLB = Format(
    "network",
    "access",
    _names(
        "type version time elb listener client_port destination_port connection_time"
        " tls_handshake_time received_bytes sent_bytes incoming_tls_alert chosen_cert_arn"
        " chosen_cert_serial tls_cipher tls_protocol_version tls_keyexchange domain_name"
        " alpn_fe_protocol alpn_be_protocol alpn_client_preference_list"
        " tls_connection_creation_time"
    ),
    18,  # version 1.0
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
CLB = Format(
    "classic",
    "access",
    _names(
        "time elb client_port backend_port request_processing_time backend_processing_time"
        " response_processing_time elb_status_code backend_status_code received_bytes sent_bytes"
        " request user_agent ssl_cipher ssl_protocol"
    ),
    12,
)

ALB_TYPES = frozenset({"http", "https", "h2", "grpcs", "ws", "wss"})
VERDICTS = frozenset({"PASS", "FAIL"})
_TELLING_KEYS = {
    "target_addr": ALB_HEALTH,
    "reason_code": ALB_HEALTH,
    "tls_verify_status": ALB_CONNECTION,
    "tls_handshake_latency": ALB_CONNECTION,
    "listener_port": ALB_CONNECTION,
    "listener": NLB,
    "tls_handshake_time": NLB,
    "backend_status_code": CLB,
    "elb_status_code": ALB,
}
"""Keys that only one shape has; a delivery may leave out any."""

_SPELT_OTHERWISE = {"request_line": "request", "tls_named_group": "tls_keyexchange"}
"""Names of the JSON form, or of earlier lines, for columns that are called otherwise here."""


class Read(NamedTuple):
    """What was found in a record.

    Attributes:
        layout: Its shape.
        entry: Its columns as text.
        raw: What to keep of it: the columns, or the JSON object as it came.
    """

    layout: Format
    entry: Entry
    raw: Mapping[str, Any]


def read(record: LogRecord) -> Read:
    """The shape of a record and its columns, from a line of text or a JSON object.

    Raises:
        MalformedError: a quote has no end (``quote_open``), the shape is none of ours
            (``format_unknown``), or it lacks columns (``column_count``).
    """
    if record.body is not None or record.message.lstrip()[:1] in {"{", "["}:
        body = json_object(record)
        return Read(*_from_json(body), body)
    values = columns(record.message)
    if values is None:
        raise MalformedError("quote_open", "expected every quote to end before a blank")
    layout = shape_of(values)
    if layout is None:
        detail = f"expected a load balancer's line, found {record.message[:40]!r}"
        raise MalformedError("format_unknown", detail)
    if len(values) < layout.least:
        detail = f"expected at least {layout.least} columns, found {len(values)}"
        raise MalformedError("column_count", detail)
    names = (*layout.columns, *(f"column_{n}" for n in range(len(layout.columns), len(values))))
    entry = {k: v for k, v in zip(names, values, strict=False) if v not in {"-", ""}}
    return Read(layout, entry, entry)


def shape_of(values: list[str]) -> Format | None:
    """What a line is, by its first columns."""
    if len(values) < 4:  # noqa: PLR2004  the client's port, which every shape has by then
        return None
    if milliseconds(values[1]) is not None:
        is_check = len(values) >= ALB_HEALTH.least and values[5] in VERDICTS
        return ALB_HEALTH if is_check else ALB if values[0] in ALB_TYPES else None
    if values[0] == "tls" and milliseconds(values[2]) is not None:
        return NLB
    if milliseconds(values[0]) is None:
        return None
    if ip(values[1]) and values[2].isdecimal():
        return ALB_CONNECTION
    return CLB if ":" in values[2] else None


def _from_json(body: Mapping[str, Any]) -> tuple[Format, Entry]:
    raw = {key.replace(":", "_"): value for key, value in body.items()}
    telling = (layout for key, layout in _TELLING_KEYS.items() if key in raw)
    layout = next(telling, ALB if text(raw.get("type")) in ALB_TYPES and "elb" in raw else None)
    if layout is None:
        raise MalformedError("format_unknown", f"expected an entry, found keys {[*raw][:5]}")
    return layout, {_SPELT_OTHERWISE.get(k, k): str(v) for k, v in raw.items() if _holds(v)}


def _holds(value: object) -> bool:
    return isinstance(value, str | int | float) and value not in {"", "-"}
