"""An audit event of the Kubernetes API server: a request, who made it and how it ended.

References:
https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
"""

from typing import Any

from logcore.formats.web import status_code, url
from logcore.shape import LONG, ip, listed, milliseconds, obj, text, unique, utc

AUDIT = "audit.k8s.io/"

TYPES = {
    "get": "access",
    "list": "access",
    "watch": "access",
    "head": "access",
    "create": "creation",
    "update": "change",
    "patch": "change",
    "delete": "deletion",
    "deletecollection": "deletion",
}
"""ECS ``event.type`` by verb; any other, such as ``connect`` or ``impersonate``, informs."""

VERDICTS = {"allow": "allowed", "forbid": "denied"}
"""``event.type`` beside it, by the decision of the authoriser."""

CATEGORIES = {
    "clusterrolebindings": "iam",
    "clusterroles": "iam",
    "rolebindings": "iam",
    "roles": "iam",
    "serviceaccounts": "iam",
    "certificatesigningrequests": "iam",
    "tokenreviews": "authentication",
    "selfsubjectreviews": "authentication",
    "pods/exec": "process",
    "pods/attach": "process",
    "pods/portforward": "network",
    "nodes/proxy": "network",
    "services/proxy": "network",
    "ingresses": "network",
    "networkpolicies": "network",
    "services": "network",
    "configmaps": "configuration",
    "secrets": "configuration",
    "customresourcedefinitions": "configuration",
    "mutatingwebhookconfigurations": "configuration",
    "validatingwebhookconfigurations": "configuration",
    "namespaces": "configuration",
    "daemonsets": "configuration",
    "deployments": "configuration",
    "statefulsets": "configuration",
    "jobs": "configuration",
    "cronjobs": "configuration",
    "pods": "configuration",
    "nodes": "host",
}
"""``event.category`` beside ``api`` by resource, and by its subresource where that matters."""

DECISION = "authorization.k8s.io/decision"
REASON = "authorization.k8s.io/reason"

_FIRST_FAILURE = 400
_NANOSECONDS = 1_000_000  # in a millisecond


def audit_sections(raw: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The sections of the document that follow from an audit event."""
    target = obj(raw.get("objectRef"))
    status = obj(raw.get("responseStatus"))
    notes = obj(raw.get("annotations"))
    code = status_code(status.get("code"), "responseStatus.code", malformed)
    verb, resource = text(raw.get("verb")), text(target.get("resource"))
    kind = resource and "/".join(filter(None, (resource, text(target.get("subresource")))))
    started = _moment(raw, "requestReceivedTimestamp", malformed)
    reached = _moment(raw, "stageTimestamp", malformed)
    at = started if reached is None else reached
    who = _who(raw, malformed)
    failed = code is not None and code >= _FIRST_FAILURE
    return {
        "@timestamp": None if at is None else utc(at),
        "message": _sentence(who, verb, kind, target, code),
        "event": {
            "category": unique("api", CATEGORIES.get(kind or "", CATEGORIES.get(resource or ""))),
            "type": unique(TYPES.get(verb or "", "info"), VERDICTS.get(_note(notes, DECISION))),
            "action": verb,
            "outcome": _outcome(raw, code, _note(notes, DECISION)),
            "reason": text(notes.get(REASON)) or text(status.get("reason")),
            "start": None if started is None else utc(started),
            "duration": _duration(started, reached),
        },
        **who,
        "user_agent": {"original": text(raw.get("userAgent"))},
        "url": url(text(raw.get("requestURI")), malformed),
        "http": {"request": {"id": text(raw.get("auditID"))}, "response": {"status_code": code}},
        "error": {
            "code": text(status.get("reason")) if failed else None,
            "message": text(status.get("message")) if failed else None,
        },
        "orchestrator": {
            "namespace": text(target.get("namespace")),
            "resource": {
                "type": resource,
                "name": text(target.get("name")),
                "id": text(target.get("uid")),
            },
        },
        "eks": {
            "stage": text(raw.get("stage")),
            "subresource": text(target.get("subresource")),
            "api_group": text(target.get("apiGroup")),
            "decision": _note(notes, DECISION) or None,
            "iam_arn": _iam_arn(obj(raw.get("user"))),
        },
    }


def _who(raw: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """The user, as whom it acts, and the addresses that the request came through."""
    user, effective = obj(raw.get("user")), obj(raw.get("impersonatedUser"))
    name, acting = text(user.get("username")), text(effective.get("username"))
    addresses = [text(address) for address in listed(raw.get("sourceIPs"))]
    known = [ip(address) for address in addresses]
    if any(address and not found for address, found in zip(addresses, known, strict=True)):
        malformed.append("sourceIPs")
    end = {"address": addresses[0], "ip": known[0]} if addresses else {}
    return {
        "user": {
            "name": name,
            "id": text(user.get("uid")),
            "group": {"name": unique(*(text(g) for g in listed(user.get("groups"))))},
            "effective": {"name": acting},
        },
        "source": end,
        "client": end,
        "related": {"ip": unique(*known), "user": unique(name, acting)},
    }


def _note(notes: dict[str, Any], name: str) -> str:
    return text(notes.get(name)) or ""


def _outcome(raw: dict[str, Any], code: int | None, decision: str) -> str:
    """By the code of the answer; a request that has none yet, or is forbidden, by the decision."""
    if code is not None:
        return "failure" if code >= _FIRST_FAILURE else "success"
    return "failure" if decision == "forbid" or raw.get("stage") == "Panic" else "unknown"


def _iam_arn(user: dict[str, Any]) -> str | None:
    """The IAM identity behind the user, which EKS's authenticator adds."""
    extra = obj(user.get("extra"))
    named = listed(extra.get("arn")) or listed(extra.get("canonicalArn"))
    return text(named[0]) if named else None


def _moment(raw: dict[str, Any], name: str, malformed: list[str]) -> int | None:
    value = raw.get(name)
    found = milliseconds(value)
    if found is None and value is not None:
        malformed.append(name)
    return found


def _duration(started: int | None, reached: int | None) -> int | None:
    """From the request's arrival to this stage, in nanoseconds."""
    if started is None or reached is None or not 0 <= reached - started < LONG // _NANOSECONDS:
        return None
    return (reached - started) * _NANOSECONDS


def _sentence(
    who: dict[str, Any],
    verb: str | None,
    kind: str | None,
    target: dict[str, Any],
    code: int | None,
) -> str | None:
    """``alice create pods/exec web-1 in shop: 101``."""
    name, namespace = text(target.get("name")), text(target.get("namespace"))
    user = who["user"]["effective"]["name"] or who["user"]["name"]
    what = " ".join(filter(None, (kind, name)))
    words = " ".join(filter(None, (user, verb, what, namespace and f"in {namespace}")))
    return (f"{words}: {code}" if code is not None else words) or None
