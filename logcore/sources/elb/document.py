"""Turns the columns of a load balancer's line into an ECS document, whatever their shape."""

from typing import Any

from logcore.formats.web import (
    Request,
    hosts,
    peer,
    port,
    request_line,
    seconds,
    size,
    status_code,
    tls,
    url,
    web_event,
)
from logcore.record import Document
from logcore.shape import EARLIEST_MS, LATEST_MS, compact, ip, milliseconds, unique, utc
from logcore.sources.elb.formats import ALB, Entry, Format

_NANOSECONDS = 1_000_000  # in a millisecond
_STEPS = ("request", "target", "response")
_PROTOCOLS = {"h2": "https", "grpcs": "https"}  # the other types of an entry are protocols
_TIMES = ("time", "timestamp")


def elb_document(entry: Entry, layout: Format) -> Document:
    """The document of one entry, without the entry itself."""
    malformed: list[str] = []
    line = request_line(entry.get("request"))
    target = line[1]
    is_web = layout is ALB or line[0] is not None
    end_ms, start_ms = _window(entry, malformed)
    status = status_code(entry.get("elb_status_code"), "elb_status_code", malformed)
    client, backend = _client(entry, malformed), _backend(entry, malformed)
    domain = entry.get("domain_name")
    address = url(target, malformed) if is_web else url(None, malformed, domain=domain)
    if not is_web:
        address["port"] = backend.get("port") if domain else None
    received = size(entry.get("received_bytes"), "received_bytes", malformed)
    sent = size(entry.get("sent_bytes"), "sent_bytes", malformed)
    return compact(
        {
            "@timestamp": None if end_ms is None else utc(end_ms),
            "event": {
                **(web_event(status) if is_web else _connection_event(entry, layout)),
                "action": "request" if is_web else "connection",
                "reason": _reason(entry),
                "start": None if start_ms is None else utc(start_ms),
                "end": None if end_ms is None else utc(end_ms),
                "duration": _duration(start_ms, end_ms),
            },
            "cloud": _cloud(entry),
            "client": client,
            "source": {**client, "bytes": received},
            "destination": {**backend, "domain": domain, "bytes": sent},
            "http": _http(entry, layout, line, (received, sent), status) if is_web else None,
            "url": address,
            "user_agent": {"original": entry.get("user_agent")},
            "tls": _tls(entry, malformed),
            "trace": {"id": _trace_id(entry.get("trace_id"))},
            "network": {
                "transport": "tcp",
                "type": _family(client.get("ip")),
                "protocol": _protocol(entry, is_web=is_web),
                "bytes": received + sent if received is not None and sent is not None else None,
            },
            "related": {
                "ip": unique(
                    client.get("ip"),
                    backend.get("ip"),
                    ip(address.get("domain", "").strip("[]")),
                    ip(entry.get("ip_address")),
                ),
                "hosts": hosts(address.get("domain"), domain),
            },
            "elb": _promoted(entry, layout, malformed),
            "pipeline": {"malformed": list(dict.fromkeys(malformed))},
        }
    )


def _window(entry: Entry, malformed: list[str]) -> tuple[int | None, int | None]:
    """End and beginning in milliseconds; a beginning that is not stated follows from the parts."""
    name = next((name for name in _TIMES if name in entry), "time")
    end = milliseconds(entry.get(name))
    if end is None:
        malformed.append(name)
    for name in ("request_creation_time", "tls_connection_creation_time"):
        if name in entry:
            start = milliseconds(entry[name])
            if start is None:
                malformed.append(name)
            return end, start
    return end, None if end is None else _bounded(end - _taken(entry))


def _taken(entry: Entry) -> int:
    """Milliseconds that the stated parts of the entry took together."""
    parts = [seconds(entry.get(f"{step}_processing_time"), "", []) for step in (*_STEPS, "backend")]
    return round(1000 * sum(part for part in parts if part))


def _bounded(time_ms: int) -> int | None:
    return time_ms if EARLIEST_MS <= time_ms < LATEST_MS else None


def _duration(start_ms: int | None, end_ms: int | None) -> int | None:
    if start_ms is None or end_ms is None or end_ms <= start_ms:
        return None
    return (end_ms - start_ms) * _NANOSECONDS


def _client(entry: Entry, malformed: list[str]) -> dict[str, Any]:
    if "client_ip" in entry:
        return peer(entry["client_ip"], entry.get("client_port"), "client", malformed)
    return _end(entry.get("client_port"), "client", malformed)


def _backend(entry: Entry, malformed: list[str]) -> dict[str, Any]:
    """Where the request went: a target, a back end, or for a connection the listener's port."""
    for side in ("target", "backend", "destination"):
        if f"{side}_ip" in entry:
            return peer(entry[f"{side}_ip"], entry.get(f"{side}_port"), side, malformed)
        if f"{side}_port" in entry:
            return _end(entry[f"{side}_port"], side, malformed)
    node = peer(entry.get("ip_address"), None, "ip_address", malformed)
    at = entry.get("listener_port")
    return {**node, "port": port(at, "listener_port", malformed)} if at else {}


def _end(value: str | None, name: str, malformed: list[str]) -> dict[str, Any]:
    """``address:port``; addresses of version 6 may stand in square brackets."""
    if value is None:
        return {}
    address, _, at = value.rpartition(":")
    return peer(address.strip("[]"), at, name, malformed)


def _http(
    entry: Entry,
    layout: Format,
    line: Request,
    sizes: tuple[int | None, int | None],
    status: int | None,
) -> dict[str, Any]:
    """``http``. A Classic Load Balancer counts bodies only, an application load balancer all."""
    method, _, version = line
    bodies = sizes if layout.load_balancer == "classic" else (None, None)
    return {
        "version": "2" if version is None and entry.get("type") == "h2" else version,
        "request": {"method": method, "bytes": sizes[0], "body": {"bytes": bodies[0]}},
        "response": {"status_code": status, "bytes": sizes[1], "body": {"bytes": bodies[1]}},
    }


def _tls(entry: Entry, malformed: list[str]) -> dict[str, Any]:
    names = ("ssl_protocol", "tls_protocol", "tls_protocol_version")
    name = next((name for name in names if name in entry), names[0])
    cipher = entry.get("ssl_cipher") or entry.get("tls_cipher")
    found = tls(entry.get(name), cipher, malformed, name) | {"curve": entry.get("tls_keyexchange")}
    return {**found, "client": {"server_name": entry.get("domain_name")}} if cipher else found


def _family(address: str | None) -> str | None:
    if address is None:
        return None
    return "ipv6" if ":" in address else "ipv4"


def _connection_event(entry: Entry, layout: Format) -> dict[str, Any]:
    """``event`` of what is no request; a handshake that failed left an alert or no cipher."""
    if layout.log == "connection":
        failed = entry.get("tls_verify_status", "").startswith("Failed")
    elif layout.load_balancer == "network":
        failed = "incoming_tls_alert" in entry or "tls_cipher" not in entry
    else:
        failed = "backend_port" not in entry
    return {
        "kind": "event",
        "category": ["network"],
        "type": ["connection", "start" if layout.log == "connection" else "end"],
        "outcome": "failure" if failed else "success",
    }


def _reason(entry: Entry) -> str | None:
    verify = entry.get("tls_verify_status", "")
    failure = verify.partition(":")[2] or None
    return entry.get("error_reason") or entry.get("incoming_tls_alert") or failure


def _cloud(entry: Entry) -> dict[str, Any]:
    """``cloud`` as far as the target group or the certificate is of the load balancer's account."""
    arn = (entry.get("target_group_arn") or entry.get("chosen_cert_arn") or "").split(":", 5)
    region, account = (arn[3], arn[4]) if len(arn) == 6 else (None, None)  # noqa: PLR2004
    return {
        "service": {"name": "elasticloadbalancing"},
        "region": region or None,
        "account": {"id": account or None},
    }


def _trace_id(header: str | None) -> str | None:
    """The root of an ``X-Amzn-Trace-Id``, which is what X-Ray calls the trace's id."""
    parts = dict(part.split("=", 1) for part in (header or "").split(";") if "=" in part)
    return parts.get("Root") or header


def _protocol(entry: Entry, *, is_web: bool) -> str | None:
    if is_web:
        kind = entry.get("type")
        return _PROTOCOLS.get(kind, kind) if kind else "http"
    return "tls" if "tls_cipher" in entry or entry.get("type") == "tls" else None


def _promoted(entry: Entry, layout: Format, malformed: list[str]) -> dict[str, Any]:
    """What dashboards aggregate and ECS has no field for; declared in ``fields.toml``."""
    backend_status = entry.get("target_status_code") or entry.get("backend_status_code")
    processing = {
        f"{step}_processing_time": seconds(
            entry.get(f"{step}_processing_time"), f"{step}_processing_time", malformed
        )
        for step in _STEPS
    }
    if "backend_processing_time" in entry:
        name = "backend_processing_time"
        processing["target_processing_time"] = seconds(entry[name], name, malformed)
    actions = entry.get("actions_executed")
    return {
        "name": entry.get("elb"),
        "type": layout.load_balancer,
        "log": layout.log,
        "listener": entry.get("listener"),
        "target_group_arn": entry.get("target_group_arn"),
        "target_status_code": status_code(backend_status, "target_status_code", malformed),
        **processing,
        "matched_rule_priority": entry.get("matched_rule_priority"),
        "actions_executed": actions.split(",") if actions else None,
        "error_reason": entry.get("error_reason"),
        "classification": entry.get("classification"),
        "classification_reason": entry.get("classification_reason"),
        "connection_id": entry.get("conn_trace_id"),
        "connection_time_ms": size(entry.get("connection_time"), "connection_time", malformed),
        "tls_handshake_ms": _handshake(entry, malformed),
        "tls_verify_status": entry.get("tls_verify_status"),
        "client_certificate": entry.get("leaf_client_cert_subject"),
    }


def _handshake(entry: Entry, malformed: list[str]) -> float | None:
    """Milliseconds: network load balancers state these, application load balancers seconds."""
    if "tls_handshake_time" in entry:
        return size(entry["tls_handshake_time"], "tls_handshake_time", malformed)
    latency = seconds(entry.get("tls_handshake_latency"), "tls_handshake_latency", malformed)
    return None if latency is None else round(latency * 1000, 3)
