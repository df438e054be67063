"""The ECS document of one request, from the variables of an access log."""

import re
from typing import Any

from logcore.formats.clf import clf_time
from logcore.formats.web import hosts, size, status_code, tls, url, web_event
from logcore.record import Document
from logcore.shape import EARLIEST_MS, LATEST_MS, compact, integer, ip, unique, utc
from logcore.sources.apigateway.formats import Variables
from logcore.sources.apigateway.promoted import promoted

_NANOSECONDS = 1_000_000  # in a millisecond
_LONGEST = 10**9  # milliseconds
_FIRST_MS = 10**11  # a smaller number of an epoch is in seconds
_OWN_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com.*")
_ROOT = re.compile(r"(?:Root=)?(1-[0-9a-f]{8}-[0-9a-f]{24})", re.IGNORECASE)
_USERS = (
    "authorizer.claims.sub",
    "identity.userArn",
    "authorizer.principalId",
    "identity.user",
    "identity.caller",
    "identity.cognitoIdentityId",
)
"""What may name who made the request, the most telling first."""


def access_document(variables: Variables) -> Document:
    """Shape one request. A value that cannot be understood costs its own field and no other."""
    malformed: list[str] = []
    seen = variables.get
    status = status_code(seen("status"), "status", malformed)
    window = _window(variables, malformed)
    client = _client(variables, malformed)
    method, path = _method(variables), _path(variables)
    domain, region = seen("domainName"), _OWN_DOMAIN.fullmatch(seen("domainName") or "")
    user, name = _user(variables)
    errors = seen("error.message") or seen("integration.error") or seen("integrationErrorMessage")
    return compact(
        {
            "@timestamp": window["start"],
            "event": {
                **web_event(status),
                "action": (seen("eventType") or "request").lower(),
                **window,
                "reason": errors or seen("authorizer.error"),
            },
            "error": {"code": seen("error.responseType"), "message": errors},
            "cloud": {
                "account": {"id": seen("accountId")},
                "region": region["region"] if region else None,
                "service": {"name": "apigateway"},
            },
            "client": client,
            "source": client,
            "destination": {"address": domain, "domain": domain},
            "user": {
                "id": user,
                "name": name,
                "email": seen("authorizer.claims.email"),
            },
            "http": {
                "version": (seen("protocol") or "").removeprefix("HTTP/") or None,
                "request": {"id": seen("requestId"), "method": method},
                "response": {
                    "status_code": status,
                    "body": {"bytes": size(seen("responseLength"), "responseLength", malformed)},
                },
            },
            "url": url(path, malformed, domain=domain, scheme="https" if path and domain else None),
            "user_agent": {"original": seen("identity.userAgent")},
            "tls": tls(seen("tlsVersion"), seen("cipherSuite"), malformed, "tlsVersion"),
            "trace": {"id": _trace_id(seen("xrayTraceId"))},
            "network": {"protocol": "http", "type": _family(client["ip"])},
            "related": {
                "ip": unique(client["ip"]),
                "user": unique(user, name, seen("authorizer.claims.email")),
                "hosts": hosts(domain),
            },
            "apigateway": promoted(variables, malformed),
            "pipeline": {"malformed": malformed},
        }
    )


def _window(variables: Variables, malformed: list[str]) -> dict[str, Any]:
    """Start, end and duration: the format states the request's time and how long the answer took.

    ``requestTimeEpoch`` has milliseconds, ``requestTime`` has not.
    """
    epoch = integer(variables.get("requestTimeEpoch"), "requestTimeEpoch", malformed)
    start = clf_time(variables.get("requestTime"))
    if start is None and "requestTime" in variables:
        malformed.append("requestTime")
    if epoch is not None:
        start = epoch if epoch >= _FIRST_MS else epoch * 1_000
        if _moment(start) is None:
            malformed.append("requestTimeEpoch")
    took = size(variables.get("responseLatency"), "responseLatency", [])  # named where promoted
    took = took if took is not None and took < _LONGEST else None
    end = start + took if start is not None and took is not None else None
    return {
        "start": _moment(start),
        "end": _moment(end),
        "duration": None if took is None else took * _NANOSECONDS,
    }


def _moment(time_ms: int | None) -> str | None:
    return utc(time_ms) if time_ms is not None and EARLIEST_MS <= time_ms < LATEST_MS else None


def _client(variables: Variables, malformed: list[str]) -> dict[str, Any]:
    """The caller; a service of AWS that calls through a private API has a name for an address."""
    address = variables.get("identity.sourceIp")
    if address and not ip(address) and not address.endswith(".amazonaws.com"):
        malformed.append("sourceIp")
    return {"address": address, "ip": ip(address)}


def _method(variables: Variables) -> str | None:
    """``GET`` also from the route ``GET /pets`` of an HTTP API."""
    route = variables.get("routeKey", "").partition(" ")
    return variables.get("httpMethod") or (route[0] if route[2] and route[0] != "ANY" else None)


def _path(variables: Variables) -> str | None:
    """What was asked for; a resource such as ``/pets/{id}`` is the pattern of it, not the path."""
    resource = variables.get("resourcePath", "")
    return variables.get("path") or (resource if resource and "{" not in resource else None)


def _user(variables: Variables) -> tuple[str | None, str | None]:
    user = next((variables[name] for name in _USERS if name in variables), None)
    named = (
        variables.get("authorizer.claims.cognito:username"),
        variables.get("authorizer.claims.username"),
        variables.get("identity.userArn", "").rpartition("/")[2] or None,
    )
    return user, next((name for name in named if name), None)


def _trace_id(header: str | None) -> str | None:
    """The root of the header, which is what X-Ray calls the trace's id."""
    found = _ROOT.search(header or "")
    return found[1] if found else header


def _family(address: str | None) -> str | None:
    if address is None:
        return None
    return "ipv6" if ":" in address else "ipv4"
