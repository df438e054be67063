"""The shape of a CloudFormation resource type, as the engine calls it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Properties = dict[str, Any]
"""A resource's ``Properties``, resolved."""

type Created = tuple[str, dict[str, Any]]
"""Physical id, which ``Ref`` gives, and the attributes that ``Fn::GetAtt`` gives."""

type Resources = dict[str, "Resource"]
"""Resource types by name, such as ``AWS::Logs::Destination``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One resource type.

    Attributes:
        create: takes logical id, properties and stack name.
        update: takes physical id, properties before and after, stack name and logical id; is
            called only if no property of ``replaced_by`` changed.
        delete: takes physical id and properties; what is gone already is no error.
        replaced_by: properties whose change makes a new resource and deletes the old one.
    """

    create: Callable[[str, Properties, str], Created]
    update: Callable[[str, Properties, Properties, str, str], Created]
    delete: Callable[[str, Properties], None]
    replaced_by: tuple[str, ...] = ()


def answer(response: Any) -> dict[str, Any]:  # noqa: ANN401  MiniStack's response tuple
    """Give the JSON of an API answer.

    Raises:
        ValueError: the API refused; the stack then fails with its words.
    """
    status, _headers, body = response
    text = body.decode() if isinstance(body, bytes) else body
    if status >= 300:  # noqa: PLR2004  HTTP: not a success
        raise ValueError(text)
    document: dict[str, Any] = json.loads(text) if text else {}
    return document


def camel(properties: Properties, *names: str) -> dict[str, Any]:
    """Give the named properties under the Logs API's names, such as ``filterPattern``."""
    return {name[0].lower() + name[1:]: properties[name] for name in names if name in properties}
