"""Where a call came from and went to: address, host name, service and the TLS connection."""

import re
from functools import lru_cache
from typing import Any

from logcore.shape import ip, text

_FLAGS = {"true": True, "false": False, "yes": True, "no": False}
_HOST_NAME = re.compile(r"(?:[\w-]+\.)+[A-Za-z][\w-]*\.?", re.ASCII)
_TLS = re.compile(r"(TLS|SSL)v(\d(?:\.\d)?)")
_AWS_DOMAINS = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".aws.amazon.com",
)
_SERVICE = ".amazonaws.com"


def source_of(address: str | None) -> dict[str, Any]:
    """ECS ``source`` from ``sourceIPAddress``: an address, a service's host or ``AWS Internal``."""
    return {"address": address, "ip": ip(address), "domain": _host_name(address)}


@lru_cache(maxsize=4_096)
def service_of(provider: str | None) -> str | None:
    """The service's short name: ``iam`` of ``iam.amazonaws.com``."""
    return provider.removesuffix(_SERVICE) if provider else None


def is_foreign_host(name: str | None) -> bool:
    """Whether a host name stands for somebody's own machine rather than an AWS endpoint."""
    return bool(name) and not str(name).rstrip(".").endswith(_AWS_DOMAINS)


def tls_of(details: dict[str, Any]) -> dict[str, Any] | None:
    """ECS ``tls`` from ``tlsDetails``; some services write the key's name instead of its value.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-supported-tls-details.html
    """
    if not details:
        return None
    protocol, version = _protocol(text(details.get("tlsVersion")))
    if version is None:
        return None
    return {
        "version_protocol": protocol,
        "version": version,
        "cipher": text(details.get("cipherSuite")),
        "client": {"server_name": text(details.get("clientProvidedHostHeader"))},
    }


def flag(value: Any, name: str, malformed: list[str]) -> bool | None:  # noqa: ANN401  any JSON
    """A truth value, also as CloudTrail's texts ``"true"`` and ``"Yes"``; ``None`` stays."""
    if value is None or type(value) is bool:
        return value
    found = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        malformed.append(name)
    return found


@lru_cache(maxsize=4_096)
def _host_name(address: str | None) -> str | None:
    return address if address and _HOST_NAME.fullmatch(address) else None


@lru_cache(maxsize=64)
def _protocol(version: str | None) -> tuple[str | None, str | None]:
    found = _TLS.fullmatch(version or "")
    return (found[1].lower(), found[2]) if found else (None, None)
