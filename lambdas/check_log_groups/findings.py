"""What is wrong with a log group, rule by rule.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
"""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Final, Literal, NamedTuple

type Compliance = Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"]
"""NOT_APPLICABLE takes an earlier evaluation away, as when a log group is excluded later."""


class LogGroup(NamedTuple):
    """What a rule may look at.

    Attributes:
        name: Its name.
        class_: ``STANDARD``, ``INFREQUENT_ACCESS`` or ``DELIVERY``.
        retention_days: Days that events stay; ``None`` for ever.
        in_policy: Whether a subscription policy of the account sends it to the door.
        filters_to_door: Its own subscription filters that do.
    """

    name: str
    class_: str
    retention_days: int | None
    in_policy: bool
    filters_to_door: tuple[str, ...]


class Verdict(NamedTuple):
    """How a log group stands, and why.

    Attributes:
        compliance: As AWS Config calls it.
        reason: At most 256 characters; empty where there is nothing to say.
    """

    compliance: Compliance
    reason: str = ""


GOOD: Final = Verdict("COMPLIANT")


def retention(group: LogGroup) -> Verdict:
    """It is not kept for ever; the delivery class has a period of its own."""
    if group.class_ == "DELIVERY":
        return Verdict("NOT_APPLICABLE")
    if group.retention_days is None:
        return Verdict("NON_COMPLIANT", "no retention: events are kept, and paid for, for ever")
    return GOOD


def pipeline(group: LogGroup) -> Verdict:
    """It is sent to the door, and once."""
    names = ", ".join(group.filters_to_door)
    if group.class_ != "STANDARD":
        return _bad(f"of class {group.class_}, which cannot be subscribed nor changed")
    if group.in_policy and names:
        return _bad(f"sent twice: by the account policy and by {names}; delete the filter")
    if len(group.filters_to_door) > 1:
        return _bad(f"sent twice: by {names}; delete one")
    if not group.in_policy and not names:
        return _bad("outside the pipeline: no account policy and no filter sends it to the door")
    return GOOD


def _bad(reason: str) -> Verdict:
    return Verdict("NON_COMPLIANT", reason[:256])


RULES: Final[Mapping[str, Callable[[LogGroup], Verdict]]] = {
    "retention": retention,
    "pipeline": pipeline,
}
"""By the parameter ``finding`` of the Config rule."""


def verdict(finding: str, group: LogGroup, excluded: tuple[str, ...]) -> Verdict:
    """What one rule says of a log group.

    Raises:
        KeyError: there is no such rule.
    """
    rule = RULES[finding]
    if any(fnmatchcase(group.name, pattern) for pattern in excluded):
        return Verdict("NOT_APPLICABLE")
    return rule(group)
