"""AWS Security Hub: findings of every security product, in ASFF and in OCSF.

References:
https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
https://docs.aws.amazon.com/securityhub/latest/userguide/ocsf-findings.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, json_object, obj, text
from logcore.source import Source
from logcore.sources.securityhub import asff, ocsf

REFERENCE = (
    "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html"
)


def parse(record: LogRecord) -> Document:
    """Turn one finding into an ECS alert; the finding goes to ``aws.securityhub_findings``.

    A finding comes again whenever it is updated. ``event.id`` is its id with the time of the
    update and a digest of what customers change without one, so every state is one document;
    ``securityhub.finding_id`` holds them together.

    Raises:
        MalformedError: the message is no JSON object, holds no finding or several
            (``finding_count``), or what it holds is neither ASFF nor OCSF (``not_a_finding``).
    """
    finding = _opened(record)
    malformed: list[str] = []
    shape = ocsf if "finding_info" in finding else asff
    document = compact(shape.document_of(finding, malformed))
    if malformed:
        document["pipeline"] = {"malformed": malformed}
    document["aws"] = {"securityhub_findings": finding}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a finding in ASFF, whole and at its top level."""
    if '"ProductArn"' not in record.message or ":securityhub:" not in record.message:
        return False
    try:
        body = json_object(record)
    except MalformedError:
        return False
    return _is_asff(body) and text(body.get("SchemaVersion")) is not None


def _opened(record: LogRecord) -> dict[str, Any]:
    """The one finding: alone, in a list of ``findings``, or in a whole event."""
    body = json_object(record)
    body = obj(body.get("detail")) if "detail-type" in body else body
    if "findings" in body:
        findings = body["findings"]
        if not isinstance(findings, list) or len(findings) != 1:
            count = len(findings) if isinstance(findings, list) else type(findings).__name__
            raise MalformedError("finding_count", f"expected a list of one finding, found {count}")
        body = obj(findings[0])
    if not _is_asff(body) and text(obj(body.get("finding_info")).get("uid")) is None:
        raise MalformedError(
            "not_a_finding", "expected ASFF with Id and ProductArn, or OCSF with finding_info.uid"
        )
    return body


def _is_asff(body: dict[str, Any]) -> bool:
    return text(body.get("Id")) is not None and text(body.get("ProductArn")) is not None


SOURCE = Source(
    name="securityhub",
    dataset="aws.securityhub_findings",
    reference=REFERENCE,
    log_groups=(
        "/aws/events/securityhub*",
        "/aws/events/SecurityHub*",
        "/aws/vendedlogs/securityhub*",  # delivered by the service itself, SECURITY_FINDING_LOGS
        "/aws/vendedlogs/SecurityHub*",
        "securityhub-findings*",
    ),
    events=(
        "aws.securityhub/Security Hub Findings - *",  # imported, and custom action
        "aws.securityhub/Findings Imported V2",
    ),
    keys=("ProductArn",),
    recognises=recognises,
    parse=parse,
)
"""Insight results, which are counts and no findings, are left to ``events``."""
