"""A finding in the Open Cybersecurity Schema Framework, as Security Hub sends it.

Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/ocsf-findings.html
"""

from typing import Any

from logcore.identity import digest
from logcore.record import Document
from logcore.shape import listed, obj, text, time, unique
from logcore.sources.securityhub.evidence import evidence_of, packages_of, resource_of
from logcore.sources.securityhub.labels import OUTCOMES, category_of, kind_of, severity_of

_STATE_DIGITS = 16  # of a digest that only has to tell the states of one finding apart


def document_of(finding: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a finding; may hold ``None``."""
    info, cloud = obj(finding.get("finding_info")), obj(finding.get("cloud"))
    product = obj(obj(finding.get("metadata")).get("product"))
    compliance, remedy = obj(finding.get("compliance")), obj(finding.get("remediation"))
    account = obj(cloud.get("account"))
    resources = [obj(resource) for resource in listed(finding.get("resources"))]
    types = unique(*map(text, listed(info.get("types"))))
    severity = severity_of(finding.get("severity"), None, malformed)
    title, described = text(info.get("title")), text(info.get("desc"))
    standards = unique(*map(text, listed(compliance.get("standards"))))
    status = text(compliance.get("status"))
    updated = text(info.get("modified_time_dt")) or text(finding.get("time_dt"))
    links = unique(*map(text, listed(remedy.get("references"))))
    vendor = text(product.get("vendor_name"))
    seen, affected = evidence_of(finding, malformed), resource_of(resources)
    link = text(info.get("src_url"))
    return {
        "@timestamp": time(updated, "modified_time_dt", malformed),
        "message": described or title,
        "event": {
            "id": _identity(finding, updated),
            "kind": kind_of(status, text(finding.get("status"))),
            "category": [
                category_of(" ".join((text(finding.get("class_name")) or "", *(types or ()))))
            ],
            "type": ["info"],
            "action": seen.pop("operation") or text(finding.get("activity_name")),
            "provider": text(product.get("name")),
            "outcome": OUTCOMES.get((status or "").upper(), "unknown" if status else None),
            "created": time(info.get("created_time_dt"), "created_time_dt", malformed),
            "start": time(info.get("first_seen_time_dt"), "first_seen_time_dt", malformed),
            "end": time(info.get("last_seen_time_dt"), "last_seen_time_dt", malformed),
            "severity": severity.score,
            "risk_score": severity.score,
            "risk_score_norm": severity.score,
            "reason": title,
            "url": link,
        },
        "rule": {
            "id": text(obj(info.get("analytic")).get("uid")) or text(compliance.get("control")),
            "name": title,
            "description": described,
            "category": types[0] if types else None,
            "ruleset": standards[0] if standards else None,
            "reference": links[0] if links else None,
        },
        "cloud": {
            "account": {"id": text(account.get("uid")), "name": text(account.get("name"))},
            "region": text(cloud.get("region")),
            **affected["cloud"],
        },
        "host": affected["host"],
        "observer": {"vendor": vendor},
        "organization": {"name": vendor},
        **seen,
        "user": seen["user"] if any(seen["user"].values()) else affected["user"],
        "package": packages_of(finding),
        "related": {
            **seen["related"],
            "hosts": unique(affected["host"].get("id"), *(seen["related"]["hosts"] or ())),
            "user": unique(*(seen["related"]["user"] or ()), *affected["user"].values()),
        },
        "vulnerability": _vulnerability(finding, text(product.get("name"))),
        "securityhub": {
            "format": "OCSF",
            "finding_id": text(info.get("uid")),
            "product": text(product.get("name")),
            "severity_label": severity.label,
            "workflow_status": text(finding.get("status")),
            "compliance_status": status,
            "control": text(compliance.get("control")),
            "standards": standards,
            "types": types,
            "resources": unique(*(text(r.get("uid")) for r in resources)),
            "resource_types": unique(*(text(r.get("type")) for r in resources)),
        },
    }


def _identity(finding: dict[str, Any], updated: str | None) -> str:
    """The finding's id and the time of its update, with a digest of what customers change.

    Reference: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindingsV2.html
    """
    state = digest(
        text(obj(finding.get("metadata")).get("uid")) or "",
        text(finding.get("status")) or "",
        text(finding.get("severity")) or "",
        text(obj(finding.get("compliance")).get("status")) or "",
        text(finding.get("comment")) or "",
    )
    named = (text(obj(finding.get("finding_info")).get("uid")), updated, state[:_STATE_DIGITS])
    return "/".join(filter(None, named))


def _vulnerability(finding: dict[str, Any], scanner: str | None) -> dict[str, Any]:
    parts = [obj(part) for part in listed(finding.get("vulnerabilities"))]
    flaws = [obj(part.get("cve")) for part in parts]
    scores = [obj(score) for flaw in flaws for score in listed(flaw.get("cvss"))]
    score = next((s for s in scores if type(s.get("base_score")) in (int, float)), {})
    base = score.get("base_score")
    links = (text(link) for part in parts for link in listed(part.get("references")))
    return {
        "id": unique(*(text(flaw.get("uid")) for flaw in flaws)),
        "reference": unique(*links),
        "scanner": {"vendor": scanner if parts else None},
        "score": {
            "base": base if base is not None and 0 <= base <= 10 else None,  # noqa: PLR2004  CVSS
            "version": text(score.get("version")),
        },
    }
