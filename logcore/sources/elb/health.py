"""The ECS document of one health check: whether a target answered, and why it did not.

Reference: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html
"""

from logcore.formats.web import peer, seconds, status_code
from logcore.record import Document
from logcore.shape import compact, ip, milliseconds, unique, utc
from logcore.sources.elb.formats import Entry

OUTCOMES = {"PASS": "success", "FAIL": "failure"}

_NANOSECONDS = 1_000_000_000  # in a second


def health_document(entry: Entry) -> Document:
    """Shape one check. The load balancer's node is the source, the target the destination."""
    malformed: list[str] = []
    time_ms = milliseconds(entry.get("time"))
    if time_ms is None:
        malformed.append("time")
    outcome = OUTCOMES.get(entry.get("status", "").upper())
    if outcome is None:
        malformed.append("status")
    latency = seconds(entry.get("latency"), "latency", malformed)
    status = status_code(entry.get("status_code"), "status_code", malformed)
    node = peer(entry.get("ip_address"), None, "ip_address", malformed)
    address, _, at = entry.get("target_addr", "").rpartition(":")
    is_address = ip(address.strip("[]")) is not None  # a Lambda function has an ARN in its place
    target = peer(address.strip("[]"), at, "target_addr", malformed) if is_address else {}
    return compact(
        {
            "@timestamp": None if time_ms is None else utc(time_ms),
            "event": {
                "kind": "event",
                "category": ["network"],
                "type": ["info"],
                "action": "health_check",
                "outcome": outcome or "unknown",
                "reason": entry.get("reason_code"),
                "duration": None if latency is None else round(latency * _NANOSECONDS),
            },
            "cloud": {"service": {"name": "elasticloadbalancing"}},
            "source": node,
            "destination": target or {"address": entry.get("target_addr")},
            "http": {"response": {"status_code": status}},
            "network": {"protocol": entry.get("type")},
            "related": {"ip": unique(node["ip"], target.get("ip"))},
            "elb": {
                "name": entry.get("elb"),
                "type": "application",
                "log": "health_check",
                "target_group": entry.get("target_group_id"),
                "target_status_code": status,
                "target_processing_time": latency,
            },
            "pipeline": {"malformed": malformed},
        }
    )
