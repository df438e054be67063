"""Certificates, users and authentication for a server with the security plugin.

No demo user and no demo certificate exists: each set has its own authority and its own random
passwords. Nothing is audited.

References:
    - https://docs.opensearch.org/latest/security/configuration/tls/
    - https://docs.opensearch.org/latest/security/configuration/yaml/
    - https://docs.opensearch.org/latest/security/authentication-backends/proxy/
"""

import json
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bcrypt
import trustme

ADMIN = "admin"
ORGANISATION = "central-logs local"
NODE_DN = f"CN=node,OU=server,O={ORGANISATION}"
HOSTS = ("localhost", "127.0.0.1", "::1")
BCRYPT_ROUNDS = 12  # the plugin's own default
PASSWORD_BYTES = 24  # 192 bits: not to be guessed

type Settings = dict[str, Any]
"""Settings of ``opensearch.yml``, by dotted name."""


@dataclass(frozen=True, slots=True)
class User:
    """An internal user to be made.

    Attributes:
        backend_roles: What role mappings see; on AWS these are ARNs of IAM roles.
    """

    name: str
    backend_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityFiles:
    """What one secured server is told, in a folder that only its maker may read.

    Attributes:
        folder: Certificates, the plugin's ``opensearch-security`` folder and ``passwords.json``.
        passwords: By user name; ``admin`` is always there and may do everything.
    """

    folder: Path
    passwords: Mapping[str, str] = field(repr=False)

    @classmethod
    def create(
        cls, folder: Path, users: Iterable[User] = (), *, proxy: bool = False
    ) -> "SecurityFiles":
        """Make a new set in ``folder``, which must not exist.

        With ``proxy``, a request from 127.0.0.1 with ``x-forwarded-for`` is whoever its
        ``x-proxy-user`` says, with the backend roles of ``x-proxy-roles``, comma-separated, and
        without a password: any program of this machine can be anyone, so it is off by default.

        Raises:
            FileExistsError: ``folder`` is there; ``load`` it, or choose another.
        """
        everyone = (User(ADMIN, (ADMIN,)), *users)
        passwords = {user.name: secrets.token_urlsafe(PASSWORD_BYTES) for user in everyone}
        folder.mkdir(mode=0o700, parents=True)
        _write_certificates(folder)
        plugin = folder / "opensearch-security"
        plugin.mkdir()
        for name, content in _plugin_files(everyone, passwords, proxy=proxy).items():
            (plugin / f"{name}.yml").write_text(json.dumps(content, indent=2))
        (folder / "passwords.json").write_text(json.dumps(passwords))
        return cls(folder, passwords)

    @classmethod
    def load(cls, folder: Path) -> "SecurityFiles":
        """Read a set that ``create`` made, for a server whose data was kept."""
        return cls(folder, json.loads((folder / "passwords.json").read_text()))

    @property
    def ca(self) -> Path:
        """The authority's certificate, which a client must trust (PEM)."""
        return self.folder / "ca.pem"

    def install(self, config: Path) -> Settings:
        """Copy what the server needs into its configuration folder; give the settings to add."""
        for name in ("ca.pem", "node.pem", "node-key.pem"):
            shutil.copy(self.folder / name, config)
        shutil.copytree(
            self.folder / "opensearch-security",
            config / "opensearch-security",
            dirs_exist_ok=True,
        )
        return (
            _tls("transport")
            | _tls("http")
            | {
                "plugins.security.ssl.http.enabled": True,
                "plugins.security.ssl.transport.enforce_hostname_verification": False,
                "plugins.security.nodes_dn": [NODE_DN],
                "plugins.security.allow_default_init_securityindex": True,
                "plugins.security.restapi.roles_enabled": ["all_access"],
                "plugins.security.audit.type": "noop",
            }
        )


def _tls(layer: str) -> Settings:
    prefix = f"plugins.security.ssl.{layer}"
    return {
        f"{prefix}.pemcert_filepath": "node.pem",
        f"{prefix}.pemkey_filepath": "node-key.pem",
        f"{prefix}.pemtrustedcas_filepath": "ca.pem",
    }


def _write_certificates(folder: Path) -> None:
    authority = trustme.CA(organization_name=ORGANISATION)
    node = authority.issue_cert(
        *HOSTS,
        common_name="node",
        organization_unit_name="server",
        organization_name=ORGANISATION,
    )
    authority.cert_pem.write_to_path(folder / "ca.pem")
    node.private_key_pem.write_to_path(folder / "node-key.pem")
    (chain,) = node.cert_chain_pems
    chain.write_to_path(folder / "node.pem")


def _plugin_files(
    users: Iterable[User], passwords: Mapping[str, str], *, proxy: bool
) -> dict[str, Any]:
    """Give the plugin's files by stem. YAML is a superset of JSON, so JSON it is."""
    hashed = {
        name: bcrypt.hashpw(p.encode(), bcrypt.gensalt(BCRYPT_ROUNDS)).decode()
        for name, p in passwords.items()
    }
    accounts = {
        user.name: {"hash": hashed[user.name], "backend_roles": list(user.backend_roles)}
        for user in users
    }
    return {
        "internal_users": _meta("internalusers") | accounts,
        "config": _meta("config") | {"config": {"dynamic": _authentication(proxy=proxy)}},
        "roles": _meta("roles"),
        "roles_mapping": _meta("rolesmapping") | {"all_access": {"backend_roles": [ADMIN]}},
        "action_groups": _meta("actiongroups"),
        "tenants": _meta("tenants"),
        "nodes_dn": _meta("nodesdn"),
        "allowlist": _meta("allowlist") | {"config": {"enabled": False}},
        "audit": _meta("audit") | {"config": {"enabled": False}},
    }


def _meta(kind: str) -> dict[str, Any]:
    return {"_meta": {"type": kind, "config_version": 2}}


def _authentication(*, proxy: bool) -> dict[str, Any]:
    basic = _domain(1, {"type": "basic", "challenge": True}, "intern")
    if not proxy:
        return {"authc": {"basic": basic}}
    headers = {"user_header": "x-proxy-user", "roles_header": "x-proxy-roles"}
    by_header = {"type": "proxy", "challenge": False, "config": headers}
    return {
        "http": {"xff": {"enabled": True, "internalProxies": r"127\.0\.0\.1"}},
        "authc": {"proxy": _domain(0, by_header, "noop"), "basic": basic},
    }


def _domain(order: int, authenticator: dict[str, Any], backend: str) -> dict[str, Any]:
    return {
        "http_enabled": True,
        "order": order,
        "http_authenticator": authenticator,
        "authentication_backend": {"type": backend},
    }
