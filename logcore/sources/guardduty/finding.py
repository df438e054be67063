"""What every finding has: its type, its severity, its times, in either spelling.

Reference: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-format.html
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.codec import Plain
from logcore.shape import EARLIEST_MS, LATEST_MS, time, utc

_TYPE = re.compile(r"(?P<purpose>[^:/]+):(?P<resource>[^/]+)/(?P<family>.+)", re.DOTALL)
_DEEPEST = 24  # levels of a finding; deeper ones keep their spelling

LABELS = ((9.0, "Critical"), (7.0, "High"), (4.0, "Medium"), (1.0, "Low"))
"""Least severity of each label: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html"""
HIGHEST = 10.0

_MILLISECONDS = 100_000_000_000  # a number from here on counts milliseconds, below it seconds
_MALWARE = ("Malware", "MaliciousFile", "SuspiciousFile")


class Kind(NamedTuple):
    """A finding's type, such as ``Recon:EC2/PortProbeUnprotectedPort``, and its parts.

    Attributes:
        type: The whole.
        purpose: What the threat is after: ``Recon``.
        ruleset: Purpose and kind of resource: ``Recon:EC2``.
        family: What was seen: ``PortProbeUnprotectedPort``.
        category: ECS ``event.category``.
    """

    type: str
    purpose: str | None
    ruleset: str | None
    family: str | None
    category: str


class Severity(NamedTuple):
    """How bad GuardDuty takes it to be.

    Attributes:
        score: As GuardDuty says, 1.0 to 10.0.
        level: The same without its fraction.
        label: ``Low``, ``Medium``, ``High`` or ``Critical``.
    """

    score: float | None
    level: int | None
    label: str | None


@lru_cache(maxsize=1_024)
def kind_of(name: str | None) -> Kind:
    """Take a finding type apart; a text of another form is kept whole."""
    name = name or ""
    category = "malware" if any(word in name for word in _MALWARE) else "intrusion_detection"
    parts = _TYPE.fullmatch(name)
    if parts is None:
        return Kind(name, None, None, None, category)
    purpose = parts["purpose"]
    return Kind(name, purpose, f"{purpose}:{parts['resource']}", parts["family"], category)


def severity_of(value: Any, malformed: list[str]) -> Severity:  # noqa: ANN401  any JSON
    """Read ``8``, ``8.0`` or ``"8"``; outside of 1 to 10 it is malformed."""
    score = _number(value)
    if score is None or not LABELS[-1][0] <= score <= HIGHEST:
        malformed.append("severity")
        return Severity(None, None, None)
    return _severity(score)


@lru_cache(maxsize=1_024)
def _severity(score: float) -> Severity:
    """Cached because GuardDuty has a score for each type."""
    return Severity(score, int(score), next(name for least, name in LABELS if score >= least))


def is_finding(detail_type: Any, finding: str | None, kind: str | None) -> bool:  # noqa: ANN401
    """Whether a finding names itself and its type and is no EventBridge event around one."""
    return detail_type is None and bool(finding and kind)


def own_id(finding: str | None, updated: Any) -> str | None:  # noqa: ANN401  any JSON
    """Each state of a finding is an event of its own."""
    return f"{finding}/{updated}" if finding and isinstance(updated, str) and updated else finding


def moment(value: Any, name: str, malformed: list[str]) -> Plain | None:  # noqa: ANN401  any JSON
    """ISO 8601 in UTC from text, or from a number of seconds or milliseconds since the epoch."""
    if type(value) not in (int, float):
        return time(value, name, malformed)
    found = int(value if value >= _MILLISECONDS else value * 1000)
    if not EARLIEST_MS <= found < LATEST_MS:
        malformed.append(name)
        return None
    return utc(found)


def as_text(number: int | None) -> str | None:
    """An id that is a number."""
    return None if number is None else str(number)


def truth(value: Any, name: str, malformed: list[str]) -> bool | None:  # noqa: ANN401  any JSON
    """A truth value; ``None`` stays ``None``."""
    if value is None or type(value) is bool:
        return value
    malformed.append(name)
    return None


def is_sample(extra: dict[str, Any], malformed: list[str]) -> bool | None:
    """Whether GuardDuty made the finding up to be looked at; the API says it as text of JSON."""
    if not extra:
        return None
    told = extra.get("value")
    if isinstance(told, str) and '"sample"' in told and '"sample":true' in told.replace(" ", ""):
        return True
    return truth(extra.get("sample"), "sample", malformed)


def camel_cased(value: Any, depth: int = 0) -> Any:  # noqa: ANN401  any JSON
    """A finding as the API's PascalCase clients write it, in the camelCase of its events."""
    if depth >= _DEEPEST:
        return value
    if isinstance(value, list):
        return [camel_cased(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel_cased(v, depth + 1) for key, v in value.items()}
    return value


def _number(value: Any) -> float | None:  # noqa: ANN401  any JSON
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def kind_of_event(archived: Any) -> str:  # noqa: ANN401  any JSON
    """ECS ``event.kind``: an alert, or the state of a finding that was archived."""
    return "state" if archived is True else "alert"
