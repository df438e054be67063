"""A shop's visitors: each request as the web ACL judged it and as the load balancer answered it.

References:
    https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
"""

import random
from collections.abc import Iterator
from hashlib import md5
from typing import Any, NamedTuple

from local.story import balancer, nginx
from local.story.clock import Clock
from local.story.entry import LogLine, Place
from local.story.organisation import SCANNER
from logcore.codec import dump_json
from logcore.shape import utc

HOST = "shop.example.com"
WEB_ACL_GROUP = "aws-waf-logs-shop"
NOT_FOUND, NO_ANSWER = 404, 504
SUSPICIOUS = 50  # of so many requests some are not quite ordinary
ANSWER_MS = 3  # after the web ACL's verdict

_PAGES = (
    ("GET", "/", 30),
    ("GET", "/products/{n}", 34),
    ("GET", "/static/app.js", 12),
    ("POST", "/cart", 12),
    ("POST", "/checkout", 6),
    ("POST", "/login", 5),
    ("GET", "/admin", 1),
)
_ANSWERS = {7: 404, 13: 304, 19: 302, 27: 500, 37: 404, 43: 304, 57: 404, 63: 502, 71: 302, 88: 504}
"""Status of what is not answered 200, by a request's number of a hundred."""

_AGENTS = (
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36", 5),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", 4),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0", 3),
    ("curl/8.14.1", 1),
)
_COUNTRIES = ("DE", "FR", "BR", "IN", "US", "NG", "JP")
_PROBED = ("/.env", "/wp-login.php", "/.git/config", "/phpmyadmin/", "/actuator/env", "/admin")
_SCANNER_AGENT = "Mozilla/5.0 zgrab/0.x"


class Request(NamedTuple):
    """What a visitor asks."""

    client: str
    country: str
    agent: str
    method: str
    path: str
    trace: str


class Verdict(NamedTuple):
    """What the web ACL says to it: its action, its rule, that rule's kind, and what else it saw."""

    action: str
    rule: str
    kind: str
    more: dict[str, Any]


ALLOWED = Verdict("ALLOW", "Default_Action", "REGULAR", {})
NOTED = Verdict(
    "ALLOW",
    "Default_Action",
    "REGULAR",
    {"nonTerminatingMatchingRules": [{"ruleId": "too-large-body", "action": "COUNT"}]},
)
TOO_MANY = Verdict(
    "BLOCK",
    "per-client-rate",
    "RATE_BASED",
    {
        "rateBasedRuleList": [
            {
                "rateBasedRuleName": "per-client-rate",
                "limitKey": "IP",
                "maxRateAllowed": 100,
                "evaluationWindowSec": 120,
            }
        ]
    },
)
KNOWN_BAD = Verdict(
    "BLOCK",
    "AWS-AWSManagedRulesKnownBadInputsRuleSet",
    "MANAGED_RULE_GROUP",
    {
        "ruleGroupList": [
            {
                "ruleGroupId": "AWS#AWSManagedRulesKnownBadInputsRuleSet",
                "terminatingRule": {"ruleId": "ExploitablePaths_URIPATH", "action": "BLOCK"},
            }
        ],
        "labels": [{"name": "awswaf:managed:aws:known-bad-inputs:ExploitablePaths_URIPath"}],
    },
)
CHALLENGED = Verdict(
    "CAPTCHA",
    "login-captcha",
    "REGULAR",
    {"captchaResponse": {"responseCode": 405, "failureReason": "TOKEN_MISSING"}},
)
_VERDICTS = {0: TOO_MANY, 10: CHALLENGED, 20: NOTED, 30: NOTED}
"""By a request's number among ``SUSPICIOUS``; the others are simply let through."""


def visits(chance: random.Random, place: Place, clock: Clock, number: int) -> Iterator[LogLine]:
    """Ordinary requests: a line of the web ACL each; if let through, of balancer and server too."""
    for count in range(number):
        time_ms = clock.busy_moment(chance) - ANSWER_MS
        status = _ANSWERS.get(count % 100, 200)
        request = _request(chance, time_ms)
        if status == NOT_FOUND:
            request = request._replace(path=f"/products/discontinued-{count % 4}")
        verdict = _VERDICTS.get(count % SUSPICIOUS, ALLOWED)
        yield judged(place, time_ms, request, verdict)
        if verdict.action == "ALLOW":
            visit = _visit(chance, request, status)
            yield answered(chance, place, time_ms + ANSWER_MS, request, status)
            yield from nginx.served(chance, place, time_ms + ANSWER_MS, visit)


def probing(chance: random.Random, place: Place, clock: Clock) -> Iterator[LogLine]:
    """The scanner of the incident tries what is often left open, and is stopped at the door."""
    begin = clock.hours_before_end(3.35)
    for number in range(90):
        path = chance.choice(_PROBED)
        time_ms = begin + number * 2_000 + chance.randrange(900)
        trace = _trace(chance, time_ms)
        request = Request(SCANNER, "NL", _SCANNER_AGENT, "GET", path, trace)
        verdict = KNOWN_BAD if number < 60 else TOO_MANY  # noqa: PLR2004  then it is too much
        yield judged(place, time_ms, request, verdict)
        if number % 10 == 0:
            yield refused(place, time_ms, SCANNER)


def judged(place: Place, time_ms: int, request: Request, verdict: Verdict) -> LogLine:
    """The web ACL's record of one request."""
    record = {
        "timestamp": time_ms,
        "formatVersion": 1,
        "webaclId": f"arn:aws:wafv2:{place.region}:{place.account}:regional/webacl/shop/"
        "a1b2c3d4-0000-4000-8000-000000000001",
        "terminatingRuleId": verdict.rule,
        "terminatingRuleType": verdict.kind,
        "action": verdict.action,
        "terminatingRuleMatchDetails": [],
        "httpSourceName": "ALB",
        "httpSourceId": f"{place.account}-{balancer.NAME}",
        "ruleGroupList": [],
        "rateBasedRuleList": [],
        "nonTerminatingMatchingRules": [],
        "httpRequest": {
            "clientIp": request.client,
            "country": request.country,
            "headers": [
                {"name": "Host", "value": HOST},
                {"name": "User-Agent", "value": request.agent},
            ],
            "uri": request.path,
            "args": "",
            "httpVersion": "HTTP/2.0",
            "httpMethod": request.method,
            "requestId": request.trace,
        },
        "ja3Fingerprint": md5(request.agent.encode(), usedforsecurity=False).hexdigest(),
        **verdict.more,
    }
    return LogLine(
        place=place,
        group=WEB_ACL_GROUP,
        stream=f"{place.region}_shop_0",
        time_ms=time_ms,
        message=dump_json(record).decode(),
        dataset="aws.waf",
    )


def answered(
    chance: random.Random, place: Place, time_ms: int, request: Request, status: int
) -> LogLine:
    """The balancer's line of one request, in its first 22 columns and those added since."""
    slow = chance.lognormvariate(-3.2, 0.8)
    target = f"10.20.1.{chance.randrange(30, 34)}:8080"
    odd = '"Acceptable" "UriSpaceFound"' if status == NOT_FOUND else '"-" "-"'
    text = (
        f"h2 {utc(time_ms)} {balancer.NAME} {request.client}:{chance.randrange(32_768, 61_000)} "
        f"{target} 0.001 {slow:.3f} 0.000 {status} {status} {chance.randrange(60, 900)} "
        f'{chance.randrange(300, 60_000)} "{request.method} https://{HOST}:443{request.path} '
        f'HTTP/2.0" "{request.agent}" TLS_AES_128_GCM_SHA256 TLSv1.3 '
        f"arn:aws:elasticloadbalancing:{place.region}:{place.account}:targetgroup/shop/"
        f'73e2d6bc24d8a067 "Root={request.trace}" "{HOST}" "-" 0 {utc(time_ms)} '
        f'"waf,forward" "-" "-" "{target}" "{status}" {odd}'
    )
    return LogLine(
        place=place,
        group=balancer.GROUP,
        stream="shop",
        time_ms=time_ms,
        message=text,
        dataset="aws.elb_logs",
    )


def refused(place: Place, time_ms: int, client: str) -> LogLine:
    """The balancer's line of a connection whose TLS hello it could not agree with."""
    text = (
        f"{utc(time_ms)} {client} {32_768 + time_ms % 28_000} 443 - - - - - - "
        f"Failed:UnmappedConnectionError TID_{time_ms:032x}"
    )
    return LogLine(
        place=place,
        group=f"{balancer.GROUP}-connections",
        stream="shop",
        time_ms=time_ms,
        message=text,
        dataset="aws.elb_logs",
    )


def _visit(chance: random.Random, request: Request, status: int) -> nginx.Visit:
    seconds = 60.0 if status == NO_ANSWER else chance.lognormvariate(-3.2, 0.8)
    return nginx.Visit(request.client, request.agent, request.method, request.path, status, seconds)


def _request(chance: random.Random, time_ms: int) -> Request:
    method, path, _ = chance.choices(_PAGES, [weight for *_, weight in _PAGES])[0]
    agent = chance.choices([a for a, _ in _AGENTS], [weight for _, weight in _AGENTS])[0]
    return Request(
        client=f"198.51.100.{chance.randrange(1, 200)}",
        country=chance.choice(_COUNTRIES),
        agent=agent,
        method=method,
        path=path.format(n=chance.randrange(100)),
        trace=_trace(chance, time_ms),
    )


def _trace(chance: random.Random, time_ms: int) -> str:
    return f"1-{time_ms // 1000:08x}-{chance.getrandbits(96):024x}"
