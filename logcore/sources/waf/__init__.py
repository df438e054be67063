"""AWS WAF: each web request that a web ACL looked at, and the rule that decided over it.

Reference: https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
"""

import re
from typing import Any

from logcore.errors import MalformedError
from logcore.formats.web import status_code
from logcore.record import Document, LogRecord
from logcore.shape import (
    EARLIEST_MS,
    LATEST_MS,
    compact,
    integer,
    json_object,
    listed,
    obj,
    text,
    unique,
    utc,
)
from logcore.source import Source
from logcore.sources.waf.request import request_of
from logcore.sources.waf.rules import counted_rules, reason_of, rule_of, seen_conditions

REFERENCE = "https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html"

OUTCOMES = {
    "ALLOW": ("success", "allowed"),
    "BLOCK": ("failure", "denied"),
    "CAPTCHA": ("failure", "denied"),
    "CHALLENGE": ("failure", "denied"),
}
"""``event.outcome`` and the ``event.type`` beside it. A CAPTCHA or challenge that ended the request
was answered in place of the application; one that was passed leaves ``ALLOW``."""

SCOPES = {"regional": "regional", "global": "cloudfront"}
"""AWS's word for where a web ACL stands, by the word in its ARN."""

_WEB_ACL = re.compile(
    r"arn:[\w-]+:wafv2:(?P<region>[\w-]+):(?P<account>\d{12}):"
    r"(?P<scope>regional|global)/webacl/(?P<name>[^/]+)/.+"
)


def parse(record: LogRecord) -> Document:
    """Turn one web ACL record into an ECS web event; the record itself goes to ``aws.waf``.

    Raises:
        MalformedError: the message is no JSON object, or one without a request or an action
            (``not_waf``).
    """
    raw = json_object(record)
    if not _is_waf(raw):
        raise MalformedError("not_waf", "expected an action, a web ACL and a request")
    malformed: list[str] = []
    acl = _web_acl(raw)
    request = request_of(raw, malformed)
    rule = rule_of(raw, acl.get("name"))
    document = compact(
        {
            "@timestamp": _time(raw, malformed),
            "message": _sentence(raw, request),
            "event": _event(raw, malformed),
            "cloud": {
                "account": {"id": acl.get("account")},
                "region": acl.get("region"),
                "service": {"name": "waf"},
            },
            "rule": rule,
            **request,
            "http": request["http"]
            | {
                "response": {
                    "status_code": status_code(
                        raw.get("responseCodeSent"), "responseCodeSent", malformed
                    )
                }
            },
            "observer": {"type": "waf", "vendor": "AWS"},
            "waf": {
                "web_acl": acl.get("name"),
                "scope": SCOPES.get(acl.get("scope", "")),
                "source_name": _known(raw.get("httpSourceName")),
                "source_id": _known(raw.get("httpSourceId")),
                "labels": unique(*(text(obj(x).get("name")) for x in listed(raw.get("labels")))),
                "counted_rules": unique(*counted_rules(raw)),
                "conditions": unique(*seen_conditions(raw)),
                "oversize_fields": unique(*(text(x) for x in listed(raw.get("oversizeFields")))),
                "captcha_failure": text(obj(raw.get("captchaResponse")).get("failureReason")),
                "challenge_failure": text(obj(raw.get("challengeResponse")).get("failureReason")),
                "ja4": text(raw.get("ja4Fingerprint")),
            },
            "pipeline": {"malformed": malformed},
        }
    )
    document["aws"] = {"waf": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a web ACL record, whole and at its top level."""
    if '"webaclId"' not in record.message or '"httpRequest"' not in record.message:
        return False
    try:
        return _is_waf(json_object(record))
    except MalformedError:
        return False


def _is_waf(raw: dict[str, Any]) -> bool:
    return (
        text(raw.get("action")) is not None
        and text(raw.get("webaclId")) is not None
        and bool(obj(raw.get("httpRequest")))
    )


def _web_acl(raw: dict[str, Any]) -> dict[str, str]:
    """What the ARN says; of a classic web ACL, which has none, its id is the name."""
    found = _WEB_ACL.fullmatch(raw["webaclId"])
    return found.groupdict() if found else {"name": raw["webaclId"]}


def _time(raw: dict[str, Any], malformed: list[str]) -> str | None:
    time_ms = integer(raw.get("timestamp"), "timestamp", malformed)
    if time_ms is None:
        return None
    if not EARLIEST_MS <= time_ms < LATEST_MS:
        malformed.append("timestamp")
        return None
    return utc(time_ms)


def _event(raw: dict[str, Any], malformed: list[str]) -> dict[str, Any]:
    outcome, verdict = OUTCOMES.get(raw["action"], ("unknown", None))
    if verdict is None:
        malformed.append("action")
    return {
        "kind": "alert" if raw["action"] == "BLOCK" else "event",
        "category": ["web", "network"],
        "type": unique("access", verdict),
        "action": raw["action"].lower(),
        "outcome": outcome,
        "reason": reason_of(raw),
    }


def _sentence(raw: dict[str, Any], request: dict[str, Any]) -> str:
    """``BLOCK GET shop.example.com/login by rate-limit``."""
    where = f"{request['url'].get('domain') or ''}{request['url'].get('path') or ''}"
    words = (raw["action"], request["http"]["request"]["method"], where)
    rule = text(raw.get("terminatingRuleId"))
    return " ".join(word for word in (*words, f"by {rule}" if rule else None) if word)


def _known(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """A string other than ``-``, which stands for a service that WAF does not name."""
    return text(value) if value != "-" else None


SOURCE = Source(
    name="waf",
    dataset="aws.waf",
    reference=REFERENCE,
    log_groups=("aws-waf-logs-*",),  # AWS accepts no other beginning
    objects=("*/WAFLogs/*",),
    keys=("webaclId",),
    recognises=recognises,
    parse=parse,
)
