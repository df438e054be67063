"""Which sensitive data an object holds, by kind and number.

Reference: https://docs.aws.amazon.com/macie/latest/APIReference/findings-describe.html
"""

from typing import Any

from logcore.shape import integer, listed, obj, text, unique

CUSTOM = "CUSTOM_IDENTIFIER"
"""Category of what custom data identifiers match; they are listed, and counted, apart."""


def sensitive_of(details: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    """What ``classificationDetails`` says, for the fields of ``macie``."""
    result = obj(details.get("result"))
    groups = [obj(group) for group in listed(result.get("sensitiveData"))]
    custom = obj(result.get("customDataIdentifiers"))
    managed = [group for group in groups if group.get("category") != CUSTOM]
    own = unique(*(_named(d, "name") for d in _detected(custom)))
    return {
        "job_id": text(details.get("jobId")),
        "origin": text(details.get("originType")),
        "status": text(obj(result.get("status")).get("code")),
        "categories": unique(
            *(text(group.get("category")) for group in groups), CUSTOM if own else None
        ),
        "data_types": unique(*(_named(d, "type") for group in groups for d in _detected(group))),
        "custom_identifiers": own,
        "occurrences": _total([*managed, custom], malformed),
    }


def _detected(group: dict[str, Any]) -> list[Any]:
    return listed(group.get("detections"))


def _named(detection: Any, key: str) -> str | None:  # noqa: ANN401  any JSON
    return text(obj(detection).get(key))


def _total(groups: list[dict[str, Any]], malformed: list[str]) -> int | None:
    """How often anything sensitive was seen; ``None`` where Macie gives no number."""
    counts = [integer(group.get("totalCount"), "totalCount", malformed) for group in groups]
    known = [count for count in counts if count is not None]
    return integer(sum(known), "totalCount", malformed) if known else None
