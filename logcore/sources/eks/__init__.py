"""EKS control plane: who asked Kubernetes for what, who may sign in, and what its parts say.

Reference: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
"""

import re
from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, json_object, text
from logcore.source import Source
from logcore.sources.eks import authenticator, klog
from logcore.sources.eks.audit import AUDIT, audit_sections

REFERENCE = "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"

STREAMS = {
    "kube-apiserver-audit": "audit",
    "kube-apiserver": "api",
    "authenticator": "authenticator",
    "kube-controller-manager": "controllerManager",
    "cloud-controller-manager": "controllerManager",
    "kube-scheduler": "scheduler",
}
"""EKS's name of a type of log by the beginning of its streams; of two that fit the first."""

_GROUP = re.compile(r"/aws/eks/(?P<cluster>[^/]+)/cluster")
_HEAD = '{"kind":"Event","apiVersion":"audit.k8s.io/'
_AUDIT_STREAM = "kube-apiserver-audit"


def parse(record: LogRecord) -> Document:
    """Turn one control plane line into an ECS event; what it is made of goes to ``aws.eks``.

    A line is what it looks like: an audit event, the authenticator's pairs, or the text of klog
    with its severity and place in the code. Anything else is text.

    Raises:
        MalformedError: an audit event is cut off or no object (``not_json``, ``not_an_object``).
    """
    malformed: list[str] = []
    kind, raw, sections = _read(record, malformed)
    group = _GROUP.fullmatch(record.origin.log_group)
    component = _component(record.origin.log_stream)
    document = compact(
        {
            "message": record.message.strip() or None,
            **sections,
            "event": {"kind": "event", "provider": component, **sections.get("event", {})},
            "cloud": {"service": {"name": "eks"}},
            "orchestrator": {
                "type": "kubernetes",
                **sections.get("orchestrator", {}),
                "cluster": {"name": group["cluster"] if group else None},
            },
            "eks": {"log_type": STREAMS.get(component or "", kind), **sections.get("eks", {})},
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"eks": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a line from anywhere is an audit event, as the API server writes it."""
    return record.message.startswith(_HEAD)


def _read(
    record: LogRecord, malformed: list[str]
) -> tuple[str | None, dict[str, Any], dict[str, Any]]:
    """The type of log as far as the line itself tells it, its parts, and its sections."""
    message = record.message
    if record.body is not None or message.startswith("{"):
        raw = _object(record)
        if raw is not None and str(raw.get("apiVersion")).startswith(AUDIT):
            return "audit", raw, audit_sections(raw, malformed)
    if pairs := authenticator.pairs(message):
        return "authenticator", dict(pairs), authenticator.sections(pairs, malformed)
    if found := klog.parts(message):
        return None, dict(found), klog.sections(found)
    return None, {"text": message} if message.strip() else {}, {"event": {"type": ["info"]}}


def _object(record: LogRecord) -> dict[str, Any] | None:
    """The line as an object; ``None`` for broken JSON that nothing calls an audit event."""
    try:
        return json_object(record)
    except MalformedError:
        if record.origin.log_stream.startswith(_AUDIT_STREAM) or AUDIT in record.message:
            raise
    return None


def _component(stream: str) -> str | None:
    return next((name for name in STREAMS if text(stream) and stream.startswith(name)), None)


SOURCE = Source(
    name="eks",
    dataset="aws.eks",
    reference=REFERENCE,
    log_groups=("/aws/eks/*/cluster",),
    keys=("kind",),  # which the API server writes first
    recognises=recognises,
    parse=parse,
)
