"""A finding in the AWS Security Finding Format.

Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
"""

from typing import Any

from logcore.formats import dns
from logcore.formats.web import hosts, url
from logcore.identity import digest
from logcore.record import Document
from logcore.shape import integer, ip, listed, obj, text, time, unique
from logcore.sources.securityhub.labels import (
    HASH_TYPES,
    INDICATOR_TYPES,
    OUTCOMES,
    category_of,
    kind_of,
    severity_of,
)
from logcore.sources.securityhub.resources import files_of, instance_of, packages_of, user_of
from logcore.sources.securityhub.traffic import Traffic, traffic_of

_STATE_DIGITS = 16  # of a digest that only has to tell the states of one finding apart


def document_of(finding: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a finding; may hold ``None``."""
    resources = [obj(resource) for resource in listed(finding.get("Resources"))]
    compliance = obj(finding.get("Compliance"))
    severity_part = obj(finding.get("Severity"))
    severity = severity_of(severity_part.get("Label"), severity_part.get("Normalized"), malformed)
    types = unique(*map(text, listed(finding.get("Types"))))
    status, company = text(compliance.get("Status")), text(finding.get("CompanyName"))
    workflow = text(obj(finding.get("Workflow")).get("Status"))
    record_state = text(finding.get("RecordState"))
    standards = unique(
        *(text(obj(s).get("StandardsId")) for s in listed(compliance.get("AssociatedStandards")))
    )
    traffic, instance = traffic_of(finding, malformed), instance_of(resources)
    indicator, files = _indicator(finding, malformed), files_of(finding)
    title, described = text(finding.get("Title")), text(finding.get("Description"))
    remedy = obj(obj(finding.get("Remediation")).get("Recommendation"))
    link = text(finding.get("SourceUrl"))
    user = user_of(resources)
    return {
        "@timestamp": time(finding.get("UpdatedAt"), "UpdatedAt", malformed),
        "message": described or title,
        "event": {
            "id": _identity(finding, severity.label),
            "kind": kind_of(status, workflow, record_state),
            "category": [category_of(" ".join(types or ()))],
            "type": ["info"],
            "action": text(obj(finding.get("Action")).get("ActionType")),
            "provider": text(finding.get("ProductName")),
            "outcome": OUTCOMES.get(status or "", "unknown" if status else None),
            "created": time(finding.get("CreatedAt"), "CreatedAt", malformed),
            "start": time(finding.get("FirstObservedAt"), "FirstObservedAt", malformed),
            "end": time(finding.get("LastObservedAt"), "LastObservedAt", malformed),
            "severity": severity.score,
            "risk_score": severity.score,
            "risk_score_norm": severity.score,
            "reason": title,
            "url": link,
        },
        "rule": {
            "id": text(finding.get("GeneratorId")),
            "name": title,
            "description": described,
            "category": types[0] if types else None,
            "ruleset": standards[0] if standards else None,
            "reference": text(remedy.get("Url")),
        },
        "cloud": {
            "account": {
                "id": text(finding.get("AwsAccountId")),
                "name": text(finding.get("AwsAccountName")),
            },
            "region": text(finding.get("Region"))
            or next((r for part in resources if (r := text(part.get("Region")))), None),
            **instance["cloud"],
        },
        "host": instance["host"],
        "observer": {"vendor": company},
        "organization": {"name": company},
        "source": traffic.source,
        "destination": traffic.destination,
        "network": traffic.network,
        "dns": {"question": dns.question(traffic.queried, None)},
        "url": url(link, malformed) if link else {},
        "process": _process(obj(finding.get("Process")), malformed),
        "file": files,
        "package": packages_of(finding),
        "threat": {"indicator": indicator},
        "user": user,
        "vulnerability": _vulnerability(finding),
        "related": _related(traffic, instance["host"], files, user, _known(finding)),
        "securityhub": {
            "format": "ASFF",
            "finding_id": text(finding.get("Id")),
            "product": text(finding.get("ProductName")),
            "severity_label": severity.label,
            "workflow_status": workflow,
            "record_state": record_state,
            "compliance_status": status,
            "control": text(compliance.get("SecurityControlId")),
            "standards": standards,
            "types": types,
            "resources": unique(*(text(r.get("Id")) for r in resources)),
            "resource_types": unique(*(text(r.get("Type")) for r in resources)),
        },
    }


def _identity(finding: dict[str, Any], label: str | None) -> str:
    """The finding's id and the time of its update, with a digest of what customers change.

    A product's ids are its own, so its ARN is part of it. A customer's change leaves ``UpdatedAt``
    as it was, and is a state of its own all the same:
    https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindings.html
    """
    note, own = obj(finding.get("Note")), obj(finding.get("UserDefinedFields"))
    parts = (
        finding.get("ProductArn"),
        finding.get("RecordState"),
        obj(finding.get("Workflow")).get("Status"),
        obj(finding.get("Compliance")).get("Status"),
        label,
        finding.get("VerificationState"),
        *listed(finding.get("Types")),
        note.get("Text"),
        note.get("UpdatedAt"),
        *(f"{name}={own[name]}" for name in sorted(own) if text(own[name])),
        *(text(obj(other).get("Id")) for other in listed(finding.get("RelatedFindings"))),
    )
    numbers = (finding.get("Confidence"), finding.get("Criticality"))
    state = digest(
        *(text(part) or "" for part in parts),
        *(str(number) if type(number) is int else "" for number in numbers),
    )
    named = (text(finding.get("Id")), text(finding.get("UpdatedAt")), state[:_STATE_DIGITS])
    return "/".join(filter(None, named))


def _process(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    return {
        "name": text(details.get("Name")),
        "executable": text(details.get("Path")),
        "pid": integer(details.get("Pid"), "Process.Pid", malformed),
        "parent": {"pid": integer(details.get("ParentPid"), "Process.ParentPid", malformed)},
        "start": time(details.get("LaunchedAt"), "Process.LaunchedAt", malformed),
        "end": time(details.get("TerminatedAt"), "Process.TerminatedAt", malformed),
    }


def _indicator(finding: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The first indicator; the others are in the finding."""
    first = obj(next(iter(listed(finding.get("ThreatIntelIndicators"))), None))
    value, kind = text(first.get("Value")), text(first.get("Type"))
    seen = time(first.get("LastObservedAt"), "ThreatIntelIndicators.LastObservedAt", malformed)
    return {
        "type": INDICATOR_TYPES.get(kind or "", kind),
        "name": value,
        "ip": ip(value),
        "description": text(first.get("Category")),
        "last_seen": seen,
        "provider": text(first.get("Source")),
    }


def _related(
    traffic: Traffic,
    host: dict[str, Any],
    files: dict[str, Any],
    user: dict[str, str | None],
    known: list[tuple[str, str]],
) -> dict[str, list[Any] | None]:
    """Everything to look for, of every end, file and indicator; ``known`` as ``_known`` has it."""
    ends = (traffic.source, traffic.destination)
    domains = (value for kind, value in known if kind == "DOMAIN")
    return {
        "ip": unique(
            *(end["ip"] for end in ends),
            *(end.get("nat", {}).get("ip") for end in ends),
            *(host.get("ip") or ()),
            *(ip(value) for _, value in known),
            *traffic.others,
        ),
        "hosts": unique(
            host.get("id"),
            *(hosts(*(end["domain"] for end in ends), traffic.queried, *domains) or ()),
        ),
        "user": unique(user["name"], user["id"]),
        "hash": unique(
            *(files["hash"]["sha256"] or ()),
            *(value for kind, value in known if kind in HASH_TYPES),
        ),
    }


def _known(finding: dict[str, Any]) -> list[tuple[str, str]]:
    """Type and value of every indicator."""
    parts = (obj(part) for part in listed(finding.get("ThreatIntelIndicators")))
    pairs = ((text(part.get("Type")), text(part.get("Value"))) for part in parts)
    return [(kind, value) for kind, value in pairs if kind and value]


def _vulnerability(finding: dict[str, Any]) -> dict[str, Any]:
    """Every id and link, and the first score that is one."""
    parts = [obj(part) for part in listed(finding.get("Vulnerabilities"))]
    scores = [obj(score) for part in parts for score in listed(part.get("Cvss"))]
    score = next((s for s in scores if type(s.get("BaseScore")) in (int, float)), {})
    links = (text(link) for part in parts for link in listed(part.get("ReferenceUrls")))
    vendor = next((v for part in parts if (v := text(obj(part.get("Vendor")).get("Name")))), None)
    base = score.get("BaseScore")
    return {
        "id": unique(*(text(part.get("Id")) for part in parts)),
        "reference": unique(*links),
        "scanner": {"vendor": (vendor or text(finding.get("ProductName"))) if parts else None},
        "score": {
            "base": base if base is not None and 0 <= base <= 10 else None,  # noqa: PLR2004  CVSS
            "version": text(score.get("Version")),
        },
    }
