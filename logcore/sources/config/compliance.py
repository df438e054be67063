"""A rule came to another judgement about a resource.

Reference: https://docs.aws.amazon.com/config/latest/developerguide/example-config-rule-compliance-notification.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import obj, text, time, unique
from logcore.sources.config.resource import Resource, cloud_of, host_of, names_of

OUTCOMES = {"COMPLIANT": "success", "NON_COMPLIANT": "failure"}
"""ECS ``event.outcome``; what does not apply, or lacks data, is neither."""

_SERVICE_RULE = "aws-service-rule"  # stands in the ARN of a rule that a service made


def document_of(message: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a judgement; may hold ``None``."""
    now, before = obj(message.get("newEvaluationResult")), obj(message.get("oldEvaluationResult"))
    verdict, name = text(now.get("complianceType")), text(message.get("configRuleName"))
    resource = Resource.of(message)
    arn = text(message.get("configRuleARN"))
    recorded = text(now.get("resultRecordedTime"))
    sent = time(message.get("notificationCreationTime"), "notificationCreationTime", malformed)
    ended = time(recorded, "resultRecordedTime", malformed)
    qualifier = obj(obj(now.get("evaluationResultIdentifier")).get("evaluationResultQualifier"))
    named = names_of(resource, {})
    return {
        "@timestamp": sent or ended,
        "message": f"{name or 'rule'}: {resource.label} is {verdict or 'of unknown compliance'}",
        "event": {
            "id": "/".join((arn, *resource.key, recorded)) if arn and recorded else None,
            "kind": "alert" if verdict == "NON_COMPLIANT" else "state",
            "category": ["configuration"],
            "type": ["info"],
            "action": text(message.get("messageType")),
            "outcome": OUTCOMES.get(verdict or "", "unknown"),
            "created": sent,
            "start": time(now.get("configRuleInvokedTime"), "configRuleInvokedTime", malformed),
            "end": ended,
            "reason": (text(now.get("annotation")) or "").strip() or None,
        },
        "rule": {
            "id": arn.rpartition("/")[2] or None if arn else None,
            "name": name,
            "category": "compliance",
            "ruleset": _maker(arn),
        },
        "cloud": cloud_of(resource, {}),
        "host": host_of(resource, {}),
        "related": {"hosts": unique(*named.hosts), "user": unique(*named.users)},
        "config": {
            **resource.fields(),
            "compliance": verdict,
            "previous_compliance": text(before.get("complianceType")),
            "evaluation_mode": text(qualifier.get("evaluationMode")),
        },
    }


def _maker(arn: str | None) -> str | None:
    """The service that made the rule, such as ``config-conforms.amazonaws.com``."""
    parts = (arn or "").split("/")
    at = parts.index(_SERVICE_RULE) + 1 if _SERVICE_RULE in parts else len(parts)
    return parts[at] or None if at < len(parts) else None
