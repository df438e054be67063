"""What a deployment says about its own access log formats."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from logcore.errors import ConfigurationError
from logcore.sources.apigateway.variables import is_variable

_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_:]+)*)")


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format of text: variables, and what stands before, between and behind them.

    Attributes:
        names: The variables in their order.
        literals: One more than there are variables.
    """

    names: tuple[str, ...]
    literals: tuple[str, ...]

    def read(self, line: str) -> dict[str, str] | None:
        """The variables of a line; ``None`` where it has not the format.

        Each value ends where the next literal stands for the first time, and the last one at the
        end: one walk over the line, whatever is in it.
        """
        first, *between, last = self.literals
        if not line.startswith(first) or not line.endswith(last):
            return None
        position, values = len(first), []
        for literal in between:
            end = line.find(literal, position)
            if end < 0:
                return None
            values.append(line[position:end])
            position = end + len(literal)
        values.append(line[position : len(line) - len(last)])
        return dict(zip(self.names, values, strict=True))


@dataclass(frozen=True, slots=True)
class Options:
    """A deployment's options.

    Attributes:
        fields: Variable by the key of a JSON format, whose parts have dots between them.
        formats: Format of text by pattern of log group. The first that matches counts.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, TextFormat] = field(default_factory=dict)

    def format_of(self, log_group: str) -> TextFormat | None:
        """The format that is stated for a log group."""
        found = (form for p, form in self.formats.items() if fnmatchcase(log_group, p))
        return next(found, None)


def options_of(given: Mapping[str, Any]) -> Options:
    """Reads ``{"fields": {"who.arn": "identity.userArn"}, "formats": {"/apis/*": "$context.…"}}``.

    A variable may be written with its ``$context.`` or without, a format exactly as the stage has
    it.

    Raises:
        ConfigurationError: an option or a variable is unknown, or a format has no variable, or two
            that nothing keeps apart; the detail names it.
    """
    if unknown := sorted(set(given) - {"fields", "formats"}):
        raise ConfigurationError("option_unknown", f"apigateway has no option {unknown[0]!r}")
    for name, value in given.items():
        if not isinstance(value, Mapping):
            detail = f"{name} is {type(value).__name__}, expected a table"
            raise ConfigurationError("option_unusable", detail)
    fields = {key: _variable(name) for key, name in given.get("fields", {}).items()}
    formats = {p: _format(p, text) for p, text in given.get("formats", {}).items()}
    return Options(fields, formats)


def _variable(name: object) -> str:
    bare = name.removeprefix("$context.") if isinstance(name, str) else ""
    if not is_variable(bare):
        raise ConfigurationError("context_variable_unknown", f"no variable $context.{name}")
    return bare


def _format(pattern: str, text: object) -> TextFormat:
    parts = _VARIABLE.split(text) if isinstance(text, str) else []
    literals, names = parts[::2], parts[1::2]
    if not names or not all(literals[1:-1]):
        detail = f"the format of {pattern!r} has no variables, or two that nothing keeps apart"
        raise ConfigurationError("format_unusable", detail)
    return TextFormat(tuple(_variable(name) for name in names), tuple(literals))
