"""Where a call came from and went to: address, host name, service and the TLS connection."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from logcore.formats.web import domain_parts
from logcore.shape import unique

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


@lru_cache(maxsize=4_096)
def service_of(provider: str | None) -> str | None:
    """The service's short name: ``iam`` of ``iam.amazonaws.com``."""
    return provider.removesuffix(_SERVICE) if provider else None


def foreign_host(name: str | None) -> str | None:
    """A host name where it stands for somebody's own machine rather than an AWS endpoint."""
    return name if name and not name.rstrip(".").endswith(_AWS_DOMAINS) else None


def hosts_of(named: tuple[str, ...], source: str | None, server: str | None) -> list[str] | None:
    """Every host of a call: those that it names, and both ends of its connection."""
    return unique(*named, source, server) if named or source or server else None


def server_of(tls: str | None, server: str | None) -> str | None:
    """The host a client connected to; without a TLS version nothing is believed of it."""
    return foreign_host(server) if tls else None


class Registered(NamedTuple):
    """What of a host name somebody registered, what stands before it, and its public suffix."""

    domain: str | None = None
    subdomain: str | None = None
    suffix: str | None = None


class Tls(NamedTuple):
    """Name and version of a connection's protocol; both ``None`` where it has no known one."""

    protocol: str | None
    version: str | None


@lru_cache(maxsize=64)
def tls_of(version: str | None) -> Tls:
    """``TLSv1.3`` in its parts; some services write the key's name instead of its value.

    Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-supported-tls-details.html
    """
    found = _TLS.fullmatch(version or "")
    return Tls(found[1].lower(), found[2]) if found else Tls(None, None)


@lru_cache(maxsize=4_096)
def host_name(address: str | None) -> str | None:
    """The address where it is a host name, such as a service's."""
    return address if address and _HOST_NAME.fullmatch(address) else None


@lru_cache(maxsize=4_096)
def registered_of(domain: str | None) -> Registered:
    """The parts of a host name."""
    parts = domain_parts(domain)
    return Registered(
        parts.get("registered_domain"), parts.get("subdomain"), parts.get("top_level_domain")
    )


def flag(value: Any, name: str, malformed: list[str]) -> bool | None:  # noqa: ANN401  any JSON
    """A truth value, also as CloudTrail's texts ``"true"`` and ``"Yes"``; ``None`` stays."""
    if value is None or type(value) is bool:
        return value
    found = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        malformed.append(name)
    return found
