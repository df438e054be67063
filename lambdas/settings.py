"""How a function and the stack that deploys it agree on environment variables: one class."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvSettings:
    """Base of every function's settings: field ``reject_bucket`` is variable ``REJECT_BUCKET``.

    Fields are ``str``; anything else is carried as JSON. Lambda allows 4 KB for all variables:
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read at cold start.

        Raises:
            KeyError: a variable is missing; the error is its name.
        """
        return cls(**{f.name: _read(f.type, env[f.name.upper()]) for f in fields(cls)})

    def to_env(self) -> dict[str, str]:
        """Write at synth; text may hold CDK tokens."""
        return {f.name.upper(): _written(getattr(self, f.name)) for f in fields(self)}


def _read(kind: object, text: str) -> Any:  # noqa: ANN401  the field's own type
    if kind in {"str", str}:
        return text
    value = json.loads(text)
    return tuple(value) if isinstance(value, list) else value


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
