"""Severities and categories, which both formats share.

Reference: https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Severity
"""

from typing import Any, NamedTuple

from logcore.shape import integer, text

SCORES = {"INFORMATIONAL": 0, "LOW": 1, "MEDIUM": 40, "HIGH": 70, "CRITICAL": 90, "FATAL": 90}
"""Least normalised severity of each label, from 0 to 100; OCSF's fatal is critical."""
HIGHEST = 100

CATEGORIES = (
    ("Vulnerab", "vulnerability"),
    ("CVE", "vulnerability"),
    ("Software and Configuration Checks", "configuration"),
    ("Compliance", "configuration"),
    ("Posture", "configuration"),
    ("Malware", "malware"),
)
"""ECS ``event.category`` by what a finding's types say; the first that is there counts."""

OUTCOMES = {"PASSED": "success", "PASS": "success", "FAILED": "failure", "FAIL": "failure"}

CLOSED = frozenset({"ARCHIVED", "RESOLVED", "SUPPRESSED"})
"""Words of a workflow, a record or an OCSF status for what asks for no attention any more."""

INDICATOR_TYPES = {
    "DOMAIN": "domain-name",
    "EMAIL_ADDRESS": "email-addr",
    "HASH_MD5": "file",
    "HASH_SHA1": "file",
    "HASH_SHA256": "file",
    "HASH_SHA512": "file",
    "IPV4_ADDRESS": "ipv4-addr",
    "IPV6_ADDRESS": "ipv6-addr",
    "MUTEX": "mutex",
    "PROCESS": "process",
    "URL": "url",
}
"""ECS ``threat.indicator.type``, in STIX's words, by ASFF's."""

HASH_TYPES = frozenset(name for name in INDICATOR_TYPES if name.startswith("HASH_"))


class Severity(NamedTuple):
    """How bad it is.

    Attributes:
        label: ``INFORMATIONAL``, ``LOW``, ``MEDIUM``, ``HIGH`` or ``CRITICAL``.
        score: From 0 to 100.
    """

    label: str | None
    score: int | None


def severity_of(label: Any, normalised: Any, malformed: list[str]) -> Severity:  # noqa: ANN401  any JSON
    """The label, and the score that it stands for where none is given."""
    name = (text(label) or "").upper()
    score = integer(normalised, "Severity.Normalized", malformed)
    if score is not None and not 0 <= score <= HIGHEST:
        malformed.append("Severity.Normalized")
        score = None
    if not name and score is not None:
        name = next(
            known for known in reversed(SCORES) if known != "FATAL" and SCORES[known] <= score
        )
    name = "CRITICAL" if name == "FATAL" else name
    return Severity(name or None, SCORES.get(name) if score is None else score)


def category_of(types: str) -> str:
    """ECS ``event.category`` of the types, or of the class, of a finding."""
    found = (category for word, category in CATEGORIES if word in types)
    return next(found, "intrusion_detection")


def kind_of(compliance: str | None, *states: str | None) -> str:
    """A check that passed and a finding that is closed are states; what is open is an alert.

    Args:
        compliance: What a check says, such as ``FAILED``.
        states: What became of the finding: workflow, record or OCSF status, in any case.
    """
    passed = OUTCOMES.get((compliance or "").upper()) == "success"
    closed = any((state or "").upper() in CLOSED for state in states)
    return "state" if passed or closed else "alert"
