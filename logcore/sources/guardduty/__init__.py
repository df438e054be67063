"""Amazon GuardDuty: findings about what somebody hostile may be doing in an account.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, integer, json_object, listed, obj, text, unique
from logcore.source import Source
from logcore.sources.guardduty.action import action_of, action_type_of
from logcore.sources.guardduty.finding import (
    camel_cased,
    is_sample,
    kind_of,
    moment,
    severity_of,
    truth,
)
from logcore.sources.guardduty.resource import names_of, resource_of, users_of
from logcore.sources.guardduty.threat import files_of, threat_names_of, threat_of

REFERENCE = "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html"

EVENT_GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to


def parse(record: LogRecord) -> Document:
    """Turn one finding into an ECS alert; the finding itself goes to ``aws.guardduty``.

    GuardDuty sends a finding again each time it sees more of the same. ``event.id`` is the
    finding's id with its ``updatedAt``, so every state is one document; ``guardduty.finding_id``
    holds them together, and ``guardduty.count`` of the latest is the number of sightings.

    Raises:
        MalformedError: the message is no JSON object, or no finding with an id and a type
            (``not_guardduty``).
    """
    raw = _opened(record)
    finding = raw if "id" in raw else camel_cased(raw)
    malformed: list[str] = []
    resource, service = obj(finding.get("resource")), obj(finding.get("service"))
    sequence = obj(obj(service.get("detection")).get("sequence"))
    extra = obj(service.get("additionalInfo"))
    finding_id, updated = text(finding.get("id")), text(finding.get("updatedAt"))
    kind = kind_of(text(finding.get("type")) or "")
    severity = severity_of(finding.get("severity"), malformed)
    action = action_of(resource, service, malformed)
    described = resource_of(resource, service, malformed)
    users = users_of(resource, service)
    hashes, files = files_of(resource, service)
    created = moment(finding.get("createdAt"), "createdAt", malformed)
    document = compact(
        {
            "@timestamp": moment(finding.get("updatedAt"), "updatedAt", malformed) or created,
            "message": text(finding.get("description")) or text(finding.get("title")),
            "event": {
                "id": f"{finding_id}/{updated}" if updated else finding_id,
                "kind": "alert",
                "category": [kind.category, *action.get("category", ())],
                "type": ["info", *action.get("type", ())],
                "action": action_type_of(service),
                "created": created,
                "start": moment(service.get("eventFirstSeen"), "eventFirstSeen", malformed),
                "end": moment(service.get("eventLastSeen"), "eventLastSeen", malformed),
                "severity": severity.level,
                "risk_score": severity.score,
                "reason": text(finding.get("title")),
            },
            "rule": {
                "id": kind.type,
                "category": kind.purpose,
                "ruleset": kind.ruleset,
                "name": kind.family,
                "description": text(finding.get("description")),
            },
            "threat": threat_of(kind.purpose, service, action),
            "cloud": {
                "account": {"id": text(finding.get("accountId"))},
                "region": text(finding.get("region")),
                "service": {"name": "guardduty"},
                **described["cloud"],
            },
            "host": described["host"],
            "container": described["container"],
            "orchestrator": described["orchestrator"],
            "faas": described["faas"],
            "process": described["process"],
            "file": files,
            "user": users.user,
            "source": action.get("source"),
            "destination": action.get("destination"),
            "network": action.get("network"),
            "dns": action.get("dns"),
            "url": action.get("url"),
            "http": action.get("http"),
            "service": action.get("service"),
            "error": action.get("error"),
            "user_agent": action.get("user_agent"),
            "related": {
                "ip": unique(*action.get("addresses", ()), *described["addresses"]),
                "hosts": unique(*described["hosts"]),
                "user": users.names,
                "hash": unique(*hashes),
            },
            "guardduty": {
                "finding_id": finding_id,
                "arn": text(finding.get("arn")),
                "type": kind.type,
                "purpose": kind.purpose,
                "severity_label": severity.label,
                "resource_type": text(resource.get("resourceType")),
                "resource_role": text(service.get("resourceRole")),
                "resources": unique(*names_of(resource, sequence)),
                "count": integer(service.get("count"), "count", malformed),
                "archived": truth(service.get("archived"), "archived", malformed),
                "sample": is_sample(extra, malformed),
                "feature": text(service.get("featureName")),
                "detector_id": text(service.get("detectorId")),
                "remote_account_id": action.get("remote_account"),
                "threat_names": unique(*threat_names_of(service)),
                "signals": unique(
                    *(text(obj(s).get("name")) for s in listed(sequence.get("signals")))
                ),
                "attack_sequence_arn": text(finding.get("associatedAttackSequenceArn")),
            },
            "pipeline": {"malformed": malformed or None},
        }
    )
    document["aws"] = {"guardduty": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a finding, whole and at its top level.

    A whole EventBridge event counts only in the groups that EventBridge itself writes to: anywhere
    else it is a program that logs what it was given.
    """
    if ":guardduty:" not in record.message or "/finding/" not in record.message:
        return False
    try:
        body = json_object(record)
    except MalformedError:
        return False
    if record.origin.log_group.startswith(EVENT_GROUPS):
        body = obj(body.get("detail")) or body
    arn = text(body.get("arn")) or text(body.get("Arn"))
    return arn is not None and ":guardduty:" in arn and _is_finding(body)


def _opened(record: LogRecord) -> dict[str, Any]:
    """The finding, also out of a whole EventBridge event that was written to a log."""
    body = json_object(record)
    finding = obj(body.get("detail")) if "detail-type" in body else body
    if not _is_finding(finding):
        raise MalformedError("not_guardduty", "expected a finding with an id and a type")
    return finding


def _is_finding(body: dict[str, Any]) -> bool:
    if "id" in body:
        return text(body["id"]) is not None and text(body.get("type")) is not None
    return text(body.get("Id")) is not None and text(body.get("Type")) is not None


SOURCE = Source(
    name="guardduty",
    dataset="aws.guardduty",
    reference=REFERENCE,
    log_groups=(
        "/aws/events/guardduty*",  # what a rule with a log group as its target writes to
        "/aws/events/GuardDuty*",
        "/aws/guardduty/findings*",
        "guardduty-findings*",
    ),
    events=("aws.guardduty/GuardDuty Finding",),
    mark=":guardduty:",
    recognises=recognises,
    parse=parse,
)
"""Claims no ``*guardduty*``: its ``/aws/guardduty/malware-scan-events`` holds no findings."""
