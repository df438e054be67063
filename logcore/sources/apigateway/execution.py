"""The ECS document of one step of a request's execution, which API Gateway logs line by line.

Reference: https://repost.aws/knowledge-center/api-gateway-logs
"""

import re
from typing import Any

from logcore.formats.web import hosts, status_code, url
from logcore.record import Document, LogRecord
from logcore.shape import compact, ip, text, unique

WELCOME = "cloudwatch logs enabled for api gateway"
"""What API Gateway writes to ``/aws/apigateway/welcome`` when an account is given its role."""

LINE = re.compile(r"\((?P<id>[\w+/=-]{8,64})\) (?P<step>.*)", re.DOTALL)
GROUP = re.compile(
    r"(?:API-Gateway-Execution-Logs_|/aws/apigateway/)(?P<api>[a-z0-9]+)/(?P<stage>.+)"
)
"""A REST API's own group, and a WebSocket API's."""

_STEPS = tuple(
    (action, re.compile(pattern, re.DOTALL))
    for action, pattern in (
        ("start", r"Starting execution for request: .*"),
        ("request", r"HTTP Method: (?P<method>\S+), Resource Path: (?P<resource>.*)"),
        ("request_path", r"Method request path: .*"),
        ("request_query", r"Method request query string: .*"),
        ("request_headers", r"Method request headers: \{(?P<headers>.*?)\}?"),
        ("request_body", r"Method request body before transformations:.*"),
        ("api_key", r"(?:API Key|Verifying Usage Plan|Usage Plan|Key ).*"),
        ("authorizer", r"(?:Starting authorizer|Incoming identity|Authorizer|Using valid).*"),
        ("unauthorized", r"(?:Unauthorized request|The client is not authorized).*"),
        ("endpoint_request", r"(?:Endpoint request (?:URI|headers|body)|Sending request to).*"),
        ("endpoint_response", r"Received response\. Status: (?P<inner>\d+), .*?(?P<ms>\d+) ms.*"),
        ("endpoint_response", r"Received response\. .*?(?P<ms>\d+) ms.*"),
        ("endpoint_response", r"Endpoint response (?:headers|body).*"),
        ("response", r"Method response (?:headers|body).*"),
        (
            "gateway_response",
            r"Gateway response type: (?P<type>\S+) with status code: (?P<status>\d+).*",
        ),
        ("gateway_response", r"Gateway response (?:headers|body).*"),
        ("failure", r"(?P<failure>(?:Lambda e|E)xecution failed.*)"),
        ("success", r"Successfully completed execution.*"),
        ("end", r"Method completed with status: (?P<status>\d+).*"),
        ("trace", r"X-ray Tracing ID : (?:Root=)?(?P<trace>[\w-]+).*"),
        ("endpoint_request_id", r"AWS Integration Endpoint RequestId : (?P<endpoint>\S+).*"),
        ("extended_request_id", r"Extended Request Id: (?P<extended>\S+).*"),
    )
)
"""What a step is called here, and how it begins; the first that fits counts."""

_HEADER = re.compile(r"(?:\A|, )([A-Za-z][\w-]*)=(.*?)(?=, [A-Za-z][\w-]*=|\Z)", re.DOTALL)
_FAILURES = frozenset({"failure", "unauthorized"})
_FIRST_FAILURE = 400


def execution_document(record: LogRecord) -> Document | None:
    """Shape one line ``(request id) step``; ``None`` for any text that API Gateway does not write.

    The step itself is ``message``. A body that is logged stays there alone.
    """
    message = record.message.strip()
    if message.lower() == WELCOME:
        return _welcome(message)
    line = LINE.fullmatch(message)
    if line is None:
        return None
    malformed: list[str] = []
    action, found = _step(line["step"])
    status = status_code(found.get("status"), "status", malformed)
    headers = {name.lower(): value for name, value in _HEADER.findall(found.get("headers", ""))}
    where = GROUP.fullmatch(record.origin.log_group)
    host, caller = text(headers.get("host")), _caller(headers)
    return compact(
        {
            "message": line["step"],
            "log": {"level": "error" if _failed(action, status) else "info"},
            "event": _event(action, status, found),
            "error": {"code": found.get("type"), "message": found.get("failure")},
            "cloud": {"service": {"name": "apigateway"}},
            "client": caller,
            "source": caller,
            "http": {
                "request": {"id": line["id"], "method": found.get("method")},
                "response": {"status_code": status},
            },
            "url": url(None, malformed, domain=host),
            "user_agent": {"original": text(headers.get("user-agent"))},
            "trace": {"id": found.get("trace")},
            "related": {"ip": unique(caller.get("ip")), "hosts": hosts(host)},
            "apigateway": {
                "log": "execution",
                "api_id": where["api"] if where else None,
                "stage": where["stage"] if where else None,
                "resource_path": found.get("resource"),
                "integration_status": _number(found, "inner"),
                "integration_latency_ms": _number(found, "ms"),
                "endpoint_request_id": found.get("endpoint"),
                "extended_request_id": found.get("extended"),
            },
            "pipeline": {"malformed": malformed},
        }
    )


def _welcome(message: str) -> Document:
    return {
        "message": message,
        "event": {"kind": "event", "category": ["web"], "type": ["info"], "action": "welcome"},
        "cloud": {"service": {"name": "apigateway"}},
        "apigateway": {"log": "execution"},
    }


def _step(text_of_step: str) -> tuple[str, dict[str, str]]:
    for action, pattern in _STEPS:
        match = pattern.fullmatch(text_of_step)
        if match:
            return action, {k: v for k, v in match.groupdict().items() if v is not None}
    return "step", {}


def _failed(action: str, status: int | None) -> bool:
    return action in _FAILURES or (status is not None and status >= _FIRST_FAILURE)


def _event(action: str, status: int | None, found: dict[str, str]) -> dict[str, Any]:
    """Only a step that ends something has an outcome."""
    failed = _failed(action, status)
    ends = failed or action == "success" or status is not None
    return {
        "kind": "event",
        "category": ["web"],
        "type": ["error"] if failed else ["info"],
        "action": action,
        "outcome": ("failure" if failed else "success") if ends else None,
        "reason": found.get("failure") or found.get("type"),
    }


def _caller(headers: dict[str, str]) -> dict[str, Any]:
    """The first of those a request was forwarded for, as far as that can be trusted."""
    first = headers.get("x-forwarded-for", "").partition(",")[0].strip()
    return {"address": first or None, "ip": ip(first)}


def _number(found: dict[str, str], name: str) -> int | None:
    """Digits that a pattern found; more of them than any latency has are no number."""
    digits = found.get(name, "")
    return int(digits) if 0 < len(digits) < 10 else None  # noqa: PLR2004  ten digits
