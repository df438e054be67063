"""How a rule is refused: before anything runs, with its name and what was expected."""

from collections.abc import Iterable
from difflib import get_close_matches

from logcore.errors import ConfigurationError


def refused(detail: str) -> ConfigurationError:
    """The error to raise for a rule that cannot work."""
    return ConfigurationError("rule_unusable", detail)


def nearest(name: str, known: Iterable[str]) -> str:
    """What was probably meant: ``, did you mean 'source.ip'?``; empty when nothing is near."""
    near = get_close_matches(name, list(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""
