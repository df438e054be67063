"""What dashboards aggregate of a request and ECS has no field for; declared in ``fields.toml``."""

from collections.abc import Callable
from typing import Any

from logcore.formats.web import size, status_code
from logcore.sources.apigateway.formats import Variables

COPIED = {
    "api_id": "apiId",
    "stage": "stage",
    "resource_path": "resourcePath",
    "route_key": "routeKey",
    "connection_id": "connectionId",
    "extended_request_id": "extendedRequestId",
    "api_key_id": "identity.apiKeyId",
    "client_certificate": "identity.clientCert.subjectDN",
    "caller_account_id": "identity.accountId",
    "vpc_endpoint_id": "identity.vpceId",
    "authorizer_error": "authorizer.error",
    "waf_response": "wafResponseCode",
    "web_acl": "webaclArn",
}
"""Own fields that stand as they are in a variable."""

type Reading = Callable[[Any, str, list[str]], int | None]

READ: dict[str, tuple[Reading, tuple[str, ...]]] = {
    "integration_status": (status_code, ("integration.status", "integrationStatus")),
    "integration_latency_ms": (size, ("integration.latency", "integrationLatency")),
    "response_latency_ms": (size, ("responseLatency",)),
    "authorizer_latency_ms": (size, ("authorizer.latency", "authorizer.integrationLatency")),
    "authorizer_status": (status_code, ("authorizer.status",)),
}
"""Own fields that are numbers: how they are read, and the variables that may hold them."""


def promoted(variables: Variables, malformed: list[str]) -> dict[str, Any]:
    """What dashboards aggregate and ECS has no field for; declared in ``fields.toml``."""
    copied = {name: variables.get(variable) for name, variable in COPIED.items()}
    read = {
        name: _first(variables, reading, names, malformed)
        for name, (reading, names) in READ.items()
    }
    behind = variables.get("awsEndpointRequestId") or variables.get("integration.requestId")
    named = {"log": "access", "api_type": _api_type(variables), "endpoint_request_id": behind}
    return {**named, **copied, **read}


def _first(
    variables: Variables, reading: Reading, names: tuple[str, ...], malformed: list[str]
) -> int | None:
    """The number under the first of several names for one thing that the record has."""
    name = next((name for name in names if name in variables), names[0])
    return reading(variables.get(name), name, malformed)


def _api_type(variables: Variables) -> str | None:
    """Which kind of API logs such variables; an own format may leave out what tells."""
    if "eventType" in variables or "connectionId" in variables:
        return "websocket"
    if "resourcePath" in variables:
        return "rest"
    return "http" if "routeKey" in variables else None
