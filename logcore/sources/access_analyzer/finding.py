"""A finding: access from outside, access from inside, or access that nobody uses.

Reference: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_FindingDetails.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import integer, ip, listed, obj, text, time, unique
from logcore.sources.access_analyzer.principal import (
    Principal,
    account_in,
    entity_of,
    name_in,
    principal_of,
)

EXTERNAL, INTERNAL, UNUSED = "external", "internal", "unused"

_ERRORS = {"ACCESS_DENIED": "access was denied", "INTERNAL_ERROR": "of an internal error"}


def id_of(detail: dict[str, Any]) -> str | None:
    """The finding's id, which the events of unused access call otherwise."""
    return text(detail.get("id")) or text(detail.get("findingId"))


def document_of(detail: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a finding; may hold ``None``."""
    finding_id, status = id_of(detail), text(detail.get("status"))
    deleted, error = detail.get("isDeleted") is True, text(detail.get("error"))
    kind = text(detail.get("findingType")) or "ExternalAccess"
    access = _access(kind)
    resource = text(detail.get("resource"))
    principal = principal_of(detail)
    entity = entity_of(detail, principal) or ""
    conditions = obj(detail.get("condition"))
    updated = time(detail.get("updatedAt"), "updatedAt", malformed)
    state = "DELETED" if deleted else status
    return {
        "@timestamp": None if deleted else updated,  # a deletion leaves updatedAt as it was
        "message": _sentence(detail, kind, principal, error)
        + (f": {state}" if state and state != "ACTIVE" else ""),
        "event": {
            "id": "/".join(filter(None, (finding_id, text(detail.get("updatedAt")), state))),
            "kind": "alert" if status == "ACTIVE" and not deleted else "state",
            "category": ["iam"],
            "type": ["info"],
            "action": kind,
            "outcome": "failure" if error else None,
            "created": time(detail.get("createdAt"), "createdAt", malformed),
        },
        "error": {"code": error},
        "cloud": {
            "account": {"id": text(detail.get("accountId"))},
            "region": text(detail.get("region")),
            "service": {"name": "access-analyzer"},
        },
        "observer": {"vendor": "IAM Access Analyzer"},
        "rule": {"name": kind, "category": access},
        "user": {
            "id": entity or None,
            "name": name_in(entity),
            "roles": unique(name_in(entity)) if ":role/" in entity else None,
        },
        "related": {
            "ip": unique(*(ip(text(value)) for value in _flat(conditions))),
            "user": unique(principal.name if principal.name != "*" else None, name_in(entity)),
        },
        "access_analyzer": {
            "finding_id": finding_id,
            "access": access,
            "status": state,
            "previous_status": text(detail.get("previousStatus")),
            "resource": resource,
            "resource_type": text(detail.get("resourceType")),
            "principal": principal.name,
            "principal_type": principal.type,
            "principal_account": text(detail.get("principalOwnerAccount"))
            or account_in(principal.name),
            "actions": unique(*map(text, listed(detail.get("action")))),
            "condition_keys": unique(*conditions) if conditions else None,
            "is_public": _truth(detail, "isPublic", malformed),
            "shared_through": unique(
                *(text(obj(s).get("type")) for s in listed(detail.get("sources")))
            ),
            "unused_actions": integer(
                detail.get("numberOfUnusedActions"), "numberOfUnusedActions", malformed
            ),
            "unused_services": integer(
                detail.get("numberOfUnusedServices"), "numberOfUnusedServices", malformed
            ),
        },
    }


def _access(kind: str) -> str:
    if kind.startswith("Unused"):
        return UNUSED
    return INTERNAL if kind.startswith("Internal") else EXTERNAL


def _sentence(detail: dict[str, Any], kind: str, principal: Principal, error: str | None) -> str:
    """``111111111111 can s3:GetObject on arn:aws:s3:::exports``, or what else is the matter."""
    resource = text(detail.get("resource")) or ""
    if error:
        return f"{resource} could not be analysed, because {_ERRORS.get(error, error)}"
    if principal.name is None:
        return f"{kind}: {resource}"
    actions = ", ".join(str(action) for action in listed(detail.get("action"))[:5])
    who = "everybody" if principal.name == "*" else principal.name
    return f"{who} can {actions or 'act'} on {resource}"


def _flat(conditions: dict[str, Any]) -> list[Any]:
    """The values that conditions compare with, each of a list apart."""
    values = conditions.values()
    return [item for v in values for item in (v if isinstance(v, list) else [v])]


def _truth(holder: dict[str, Any], name: str, malformed: list[str]) -> bool | None:
    value = holder.get(name)
    if value is None or isinstance(value, bool):
        return value
    malformed.append(name)
    return None
