"""How large something of a template will be when AWS gets it.

A reference to another resource is not known yet and counts as ``REFERENCE``.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from infra.permissions import listed
from infra.references import flat

type Properties = Mapping[str, Any]
"""Of a resource, as its template has them."""

REFERENCE: Final = 120
"""Characters that a reference counts as: more than any ARN that this app makes has."""

_REFERENCE: Final = re.compile(r"<[\w.:-]+>")


def size_of(value: Any) -> int:  # noqa: ANN401  a resolved CloudFormation value is any JSON
    """Bytes of a document as AWS gets it: compact, with references at their longest."""
    text = flat(value) if _is_text(value) else json.dumps(_flattened(value), separators=(",", ":"))
    return len(_REFERENCE.sub("x" * REFERENCE, text).encode())


def _is_text(value: Any) -> bool:  # noqa: ANN401  same
    return isinstance(value, str) or (isinstance(value, dict) and "Fn::Join" in value)


def _flattened(value: Any) -> Any:  # noqa: ANN401  same
    match value:
        case {"Fn::Join": _} | {"Fn::GetAtt": _} | {"Ref": _} | {"Fn::ImportValue": _}:
            return flat(value)
        case dict():
            return {key: _flattened(each) for key, each in value.items()}
        case list():
            return [_flattened(each) for each in value]
        case _:
            return value


def statements(properties: Properties) -> int:
    """Of a resource's policy."""
    return len(listed(properties["PolicyDocument"]["Statement"]))


def conditions(properties: Properties) -> int:
    """Keys that conditions of its policy ask for, all statements together."""
    return sum(
        len(keys)
        for statement in listed(properties["PolicyDocument"]["Statement"])
        for keys in statement.get("Condition", {}).values()
    )


def variables(properties: Properties) -> int:
    """Of a function's environment: names and values together."""
    found = properties.get("Environment", {}).get("Variables", {})
    return sum(len(name.encode()) + size_of(value) for name, value in found.items())
