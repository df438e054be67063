"""Who may make rules, and the rules that there are: one organisation's, of every region."""

import time
from typing import Final

from ministack.core.responses import get_account_id, get_region

from local.aws import delegation
from local.aws.centralisation.rule import Json, Rule, RuleError, arn, check
from local.aws.organizations import management_account

MOST_RULES: Final = 50
"""In a region; can be raised:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""

_rules: dict[str, Rule] = {}
"""By ARN."""


def create(name: str, properties: Json) -> Rule:
    """Make a rule.

    Raises:
        RuleError: the caller may not, the rule is malformed or there already, or is one too many.
    """
    _check_caller()
    check(name, properties)
    made = Rule(name=name, creator=get_account_id(), region=get_region(), properties=properties)
    if made.arn in _rules:
        raise RuleError("ConflictException", f"rule {name} exists")
    if sum(rule.region == made.region for rule in _rules.values()) >= MOST_RULES:
        raise RuleError("ServiceQuotaExceededException", f"{MOST_RULES} rules in {made.region}")
    _rules[made.arn] = made
    return made


def update(identifier: str, properties: Json) -> Rule:
    """Replace what a rule says.

    Raises:
        RuleError: there is none, the caller may not, or the rule is malformed.
    """
    found = find(identifier)
    check(found.name, properties)
    found.properties, found.updated = properties, time.time()
    return found


def delete(identifier: str) -> None:
    """Forget a rule; what was copied stays.

    Raises:
        RuleError: there is none, or the caller may not.
    """
    found = find(identifier)
    del _rules[found.arn]


def find(identifier: str) -> Rule:
    """The rule of an ARN, or of a name that the caller gave in this region.

    Raises:
        RuleError: there is none, or the caller may not ask.
    """
    _check_caller()
    found = _rules.get(identifier) or _rules.get(arn(get_account_id(), get_region(), identifier))
    if found is None:
        raise RuleError("ResourceNotFoundException", f"rule {identifier} does not exist")
    return found


def listed(*, prefix: str, all_regions: bool) -> list[Rule]:
    """Rules whose names begin so, of this region or of all.

    Raises:
        RuleError: the caller may not ask.
    """
    _check_caller()
    here = get_region()
    return [
        rule
        for rule in _rules.values()
        if rule.name.startswith(prefix) and (all_regions or rule.region == here)
    ]


def working() -> list[Rule]:
    """Every rule that copies: none without trusted access."""
    return list(_rules.values()) if delegation.is_trusted(delegation.CLOUDWATCH) else []


def _check_caller() -> None:
    caller = get_account_id()
    if caller != management_account() and not delegation.is_administrator(
        caller, delegation.CLOUDWATCH
    ):
        words = f"{caller} is neither the management account nor a delegated administrator"
        raise RuleError("AccessDeniedException", words)
