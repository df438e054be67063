"""What the local cloud's process is told: one class for the side that starts it and for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

PREFIX = "LOCAL_AWS_"

CENTRAL_ACCOUNT = "111111111111"
MEMBER_ACCOUNTS = ("222222222222", "333333333333", "444444444444")
ORGANISATION_ID = "o-exampleorgid"
CENTRAL_REGION = "us-east-1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Every choice of one local cloud.

    Attributes:
        port: TCP port on 127.0.0.1 that answers all AWS APIs.
        lambda_python: interpreter that runs functions with a Python runtime; empty means
            MiniStack's own, whose packages would leak into the functions.
        node_path: folder with the AWS SDK v3 for functions with a Node runtime; empty means none.
        opensearch_url: the real OpenSearch behind every domain, such as
            ``http://127.0.0.1:9200``; empty means that there is none.
        opensearch_auth: ``user:password`` for it; empty means without.
        domain_port: TCP port on 127.0.0.1 where domains answer with TLS; 0 means not at all.
        ca_file: PEM file of the authority that callers of the domain endpoint trust.
        cert_file: PEM file with the domain endpoint's certificate chain.
        key_file: PEM file with its private key.
        buffer_cap_seconds: longest time that Firehose buffers, whatever its hints say.
        organisation: the accounts that AWS Organizations lists, as JSON:
            ``{"222222222222": {"name": ..., "unit": "Workloads/Production", "tags": {...}}}``;
            empty means MiniStack's own organisation of one account.
        management_account: which account manages that organisation; where it is not the central
            one, the central one must be made a delegated administrator, as on AWS.
        in_organisation: whether the accounts belong to an organisation at all; without one every
            call of AWS Organizations is refused, and no condition key names one.
        allow_aws_sources: whether ``PutEvents`` takes events from ``aws.*`` sources, which AWS
            refuses to customers: how a story plays GuardDuty.
    """

    port: int
    lambda_python: str = ""
    node_path: str = ""
    opensearch_url: str = ""
    opensearch_auth: str = ""
    domain_port: int = 0
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    buffer_cap_seconds: float = 3.0
    organisation: str = ""
    management_account: str = CENTRAL_ACCOUNT
    in_organisation: bool = True
    allow_aws_sources: bool = True

    def to_env(self) -> dict[str, str]:
        """Give the variables for the process: ours, and those that MiniStack itself reads."""
        ours = {
            PREFIX + field.name.upper(): _text(getattr(self, field.name)) for field in fields(self)
        }
        return ours | _ministack_env(self)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read back what ``to_env`` wrote; a variable that is absent keeps its default.

        Raises:
            ValueError: a variable does not have its field's type; the message names it.
            TypeError: the port is absent.
        """
        given: dict[str, Any] = {
            field.name: _value(variable, field.type, env[variable])
            for field in fields(cls)
            if (variable := PREFIX + field.name.upper()) in env
        }
        return cls(**given)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _value(variable: str, kind: Any, text: str) -> object:  # noqa: ANN401  a dataclass field's type
    try:
        return bool(int(text)) if kind is bool else kind(text)
    except ValueError as error:
        raise ValueError(f"{variable}={text!r} is not of type {kind.__name__}") from error


def _ministack_env(settings: Settings) -> dict[str, str]:
    """Give MiniStack's own variables: loopback only, IAM enforced, no side services."""
    return {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(settings.port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": CENTRAL_ACCOUNT,
        "MINISTACK_REGION": CENTRAL_REGION,
        "MINISTACK_OPENSEARCH_ENDPOINT": f"127.0.0.1:{settings.domain_port}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        **({"NODE_PATH": settings.node_path} if settings.node_path else {}),
    }
