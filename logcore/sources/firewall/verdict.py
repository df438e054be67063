"""What the firewall decided, and by which rule.

References: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-logging.html
"""

from typing import Any

from logcore.codec import parse_json
from logcore.shape import integer, listed, obj, text, unique

VERDICTS = {
    "pass": ("success", "allowed"),
    "alert": ("success", "allowed"),
    "drop": ("failure", "denied"),
    "reject": ("failure", "denied"),
    "allowed": ("success", "allowed"),
    "blocked": ("failure", "denied"),
}
"""``event.outcome`` and the ``event.type`` beside it: by the verdict over the packet, by the action
of the rule, and by the action that a failed check of a certificate led to."""

_KINDS = {"alert": "alert", "netflow": "netflow", "flow": "netflow"}


def kind_of(event: dict[str, Any]) -> str:
    """``alert``, ``netflow`` or ``tls``; entries of the TLS log have no type, but an error."""
    stated = text(event.get("event_type"))
    if stated is None and ("tls_error" in event or "revocation_check" in event):
        return "tls"
    return _KINDS.get(stated or "", stated or "unknown")


def event_of(event: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """ECS ``event``, without the window of a flow."""
    kind = kind_of(event)
    action = _action(event, kind)
    decided = text(obj(event.get("verdict")).get("action")) or action
    outcome, verdict = VERDICTS.get(decided.lower(), (None, None))
    if outcome is None and kind == "alert":
        malformed.append("alert.action")
    failed = kind == "tls" and "tls_error" in event
    return {
        "kind": "alert" if kind == "alert" else "event",
        "category": ["network", "intrusion_detection"] if kind == "alert" else ["network"],
        "type": unique("connection", verdict),
        "action": action,
        "outcome": "failure" if failed else outcome,
        "reason": _reason(event),
        "severity": integer(obj(event.get("alert")).get("severity"), "alert.severity", malformed),
    }


def _action(event: dict[str, Any], kind: str) -> str:
    if kind == "tls":
        checked = text(obj(event.get("revocation_check")).get("action"))
        return checked.lower() if checked else "tls_error"
    return text(obj(event.get("alert")).get("action")) or kind


def _reason(event: dict[str, Any]) -> str | None:
    status = text(obj(event.get("revocation_check")).get("status"))
    revoked = f"certificate revocation status {status}" if status else None
    return text(obj(event.get("tls_error")).get("error_message")) or revoked


def rule_of(event: dict[str, Any]) -> dict[str, str | None]:
    """ECS ``rule`` of an alert: a rule without a message is called by its number."""
    alert = obj(event.get("alert"))
    number, version = _number(alert.get("signature_id")), _number(alert.get("rev"))
    return {
        "id": number,
        "name": text(alert.get("signature")) or number,
        "category": text(alert.get("category")),
        "version": version,
        "ruleset": text(obj(event.get("aws_metadata")).get("resource_arn")),
    }


def categories_of(raw: dict[str, Any], malformed: list[str]) -> list[Any] | None:
    """Categories of the URL or domain: a list, which AWS writes as JSON within a string."""
    stated = raw["event"].get("aws_category", raw.get("aws_category"))
    if isinstance(stated, str) and stated.startswith("["):
        try:
            stated = parse_json(stated)
        except ValueError:
            malformed.append("aws_category")
            return None
    named = listed(stated) or [stated]
    return unique(*(text(name) for name in named))


def sentence(event: dict[str, Any], host: str | None) -> str:
    """``blocked TCP 10.0.1.5 to www.example.com by no social media``."""
    kind = kind_of(event)
    receiver = host or text(event.get("dest_ip"))
    rule = rule_of(event)["name"]
    words = (_action(event, kind), text(event.get("proto")), text(event.get("src_ip")))
    more = (f"to {receiver}" if receiver else None, f"by {rule}" if rule else None)
    return " ".join(word for word in (*words, *more) if word)


def _number(value: Any) -> str | None:  # noqa: ANN401  any JSON
    return str(value) if type(value) is int else text(value)
