"""Which rule decided, which others matched, and on what.

Reference: https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
"""

from collections.abc import Iterator
from typing import Any

from logcore.shape import listed, obj, text

GROUP_TYPES = frozenset({"GROUP", "MANAGED_RULE_GROUP"})


def rule_of(raw: dict[str, Any], web_acl: str | None) -> dict[str, str | None]:
    """ECS ``rule`` of the terminating rule.

    ``id`` is what the web ACL calls it. Where that is a rule group, ``name`` is the rule inside it
    and ``ruleset`` the group; otherwise the rule itself and the web ACL.
    """
    named, kind = text(raw.get("terminatingRuleId")), text(raw.get("terminatingRuleType"))
    group = _deciding_group(raw)
    inner = text(obj(group.get("terminatingRule")).get("ruleId"))
    return {
        "id": named,
        "name": inner or named,
        "category": kind,
        "ruleset": text(group.get("ruleGroupId")) or web_acl,
    }


def counted_rules(raw: dict[str, Any]) -> Iterator[str | None]:
    """Names of the rules that matched and did not end the evaluation, in and out of groups."""
    yield from (text(rule.get("ruleId")) for rule in _objects(raw, "nonTerminatingMatchingRules"))
    deciding = _deciding_group(raw)
    for group in _objects(raw, "ruleGroupList"):
        for rules in ("nonTerminatingMatchingRules", "excludedRules"):
            yield from (text(rule.get("ruleId")) for rule in _objects(group, rules))
        if group is not deciding:  # the web ACL only counts what this group would have done
            yield text(obj(group.get("terminatingRule")).get("ruleId"))


def seen_conditions(raw: dict[str, Any]) -> Iterator[str | None]:
    """What was matched, such as ``SQL_INJECTION``: WAF details it for SQL injection and XSS."""
    for details in (*_deciding_details(raw), *_counted_details(raw)):
        yield text(details.get("conditionType"))


def reason_of(raw: dict[str, Any]) -> str | None:
    """Why the request was ended, in words; ``None`` where the rule's name has to do."""
    for details in _deciding_details(raw):
        condition, location = text(details.get("conditionType")), text(details.get("location"))
        if condition:
            return f"{condition} in {location}" if location else condition
    for response in ("captchaResponse", "challengeResponse"):
        failure = text(obj(raw.get(response)).get("failureReason"))
        if failure:
            return failure
    return _exceeded_rate(raw)


def _exceeded_rate(raw: dict[str, Any]) -> str | None:
    """``more than 100 in 120 s by IP``, when the terminating rule counts requests."""
    for rule in _objects(raw, "rateBasedRuleList"):
        if text(rule.get("rateBasedRuleName")) == text(raw.get("terminatingRuleId")):
            highest, window = rule.get("maxRateAllowed"), rule.get("evaluationWindowSec")
            if isinstance(highest, int | str) and isinstance(window, int | str):
                return f"more than {highest} in {window} s by {text(rule.get('limitKey')) or '?'}"
    return None


def _deciding_group(raw: dict[str, Any]) -> dict[str, Any]:
    """The rule group that ended the evaluation: the last with a terminating rule.

    A web ACL may override a group to count, so a group with a terminating rule decides only where
    the web ACL's own terminating rule is a group.
    """
    if text(raw.get("terminatingRuleType")) not in GROUP_TYPES:
        return {}
    ended = [g for g in _objects(raw, "ruleGroupList") if obj(g.get("terminatingRule"))]
    return ended[-1] if ended else {}


def _deciding_details(raw: dict[str, Any]) -> list[dict[str, Any]]:
    inner = obj(_deciding_group(raw).get("terminatingRule"))
    return _objects(raw, "terminatingRuleMatchDetails") + _objects(inner, "ruleMatchDetails")


def _counted_details(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in (raw, *_objects(raw, "ruleGroupList")):
        for rule in _objects(holder, "nonTerminatingMatchingRules"):
            yield from _objects(rule, "ruleMatchDetails")


def _objects(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [obj(item) for item in listed(holder.get(name))]
