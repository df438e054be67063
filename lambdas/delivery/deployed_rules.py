"""The deployment's rules: a file of the bundle, because 4 KB of environment hold few of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from logcore.codec import parse_json
from logcore.normalise import NO_RULES
from logcore.rules import Rules

BUNDLE: Final = Path(__file__).parents[2]


class Secrets(Protocol):
    """What is used of Secrets Manager's client.

    Reference: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
    """

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, str | bytes]:  # noqa: N803  AWS's name
        """``{"SecretString": ...}``, or ``SecretBinary`` with bytes."""
        ...


def deployed_rules(file: str, key: bytes | None, folder: Path = BUNDLE) -> Rules:
    """Read what was checked when the deployment was synthesised.

    Args:
        file: Name of the file in the bundle; empty without rules.
        key: Of hashes; ``None`` without.
        folder: The bundle.

    Raises:
        ConfigurationError: the key is shorter than a key may be.
        FileNotFoundError: the bundle lacks its rules; documents must not go out without them.
    """
    return Rules(parse_json((folder / file).read_bytes()), key=key) if file else NO_RULES


def read_key(secrets: Secrets, arn: str) -> bytes:
    """The value of the secret that holds the key of hashes; read once a cold start.

    Raises:
        ClientError: it may not be read.
    """
    answer = secrets.get_secret_value(SecretId=arn)
    found = answer.get("SecretString") or answer.get("SecretBinary") or b""
    return found.encode() if isinstance(found, str) else found
