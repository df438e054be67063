"""The columns of flow log lines, and the formats that a deployment states for its log groups."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from logcore.errors import ConfigurationError

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}\Z")


@dataclass(frozen=True, slots=True)
class FlowFormat:
    """The columns of a line.

    Attributes:
        columns: Field names with underscores, such as ``log_status``, in the line's order.
        is_natural: Whether a line has all that tells two records apart. Without it two equal lines
            may be two records.
    """

    columns: tuple[str, ...]
    is_natural: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFields:
    """What the flow logs of one service may hold.

    Attributes:
        source: Name of the source, for what is said to whoever configures it.
        known: The fields that exist, as the service writes them: ``log-status``.
        telling_apart: Those that a line must have to be its own identity.
    """

    source: str
    known: frozenset[str]
    telling_apart: frozenset[str]

    def format_of(self, names: list[str]) -> FlowFormat:
        """The format with these fields, in this order."""
        columns = tuple(name.replace("-", "_") for name in names)
        return FlowFormat(columns, self.telling_apart <= set(names))


class StatedFormats:
    """The formats that a deployment states for its log groups.

    Args:
        fields: What the source's formats may hold.
        options: ``{"formats": {"/teams/*/flows": "${version} ${srcaddr} ${dstaddr} ..."}}``: by
            pattern of log group, exactly what was given to the flow log. Field names without
            ``${}`` are taken too. The first pattern that matches counts.

    Raises:
        ConfigurationError: an option or a field is unknown, a field stands twice, a format is empty
            or no text; the detail names it.

    Attributes:
        patterns: The patterns, in their order.
    """

    def __init__(self, fields: FlowFields, options: Mapping[str, Any]) -> None:
        if unknown := sorted(set(options) - {"formats"}):
            detail = f"{fields.source} has no option {unknown[0]!r}"
            raise ConfigurationError("option_unknown", detail)
        formats = options.get("formats", {})
        if not isinstance(formats, Mapping):
            found = type(formats).__name__
            raise ConfigurationError("format_unusable", f"formats is {found}, expected a table")
        self._formats = {p: fields.format_of(_stated(fields, p, t)) for p, t in formats.items()}
        self.patterns = tuple(self._formats)
        self.of = lru_cache(maxsize=4_096)(self._of)

    def _of(self, log_group: str) -> FlowFormat | None:
        """The format of a log group, if one is stated."""
        matching = (f for p, f in self._formats.items() if fnmatchcase(log_group, p))
        return next(matching, None)


def _stated(fields: FlowFields, pattern: str, text: object) -> list[str]:
    if not isinstance(text, str) or not text.split():
        raise ConfigurationError("format_unusable", f"the format of {pattern!r} has no field")
    names = [_PLACEHOLDER.sub(r"\1", word) for word in text.split()]
    for name in names:
        if name not in fields.known:
            detail = f"no flow log field {name!r} in the format of {pattern!r}"
            raise ConfigurationError("flow_field_unknown", detail)
        if names.count(name) > 1:
            detail = f"{name!r} stands twice in the format of {pattern!r}"
            raise ConfigurationError("flow_field_twice", detail)
    return names
