"""Tries a deployment's rules on a file of logs before they are deployed."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from logcore.errors import ConfigurationError
from logcore.record import Outcome, Rejected
from logcore.rules import Rules, tables_in

EXAMPLE_KEY: Final = b"an example key of the command line"
"""Stands in for the deployment's key, which no file holds."""

VERBS: Final = {"would_drop": "would drop", "would_redact": "would redact"}


class Trial:
    """The rules of a configuration file, and what they would do.

    Args:
        path: A TOML file with ``[[datasets."<name>".rules]]``; whatever else it holds is ignored.
        dry_run: Only count, whatever the rules say.

    Attributes:
        rules: To be given to a ``Normaliser``.

    Raises:
        ConfigurationError: the file cannot be read, or a rule cannot work.
    """

    def __init__(self, path: str, *, dry_run: bool) -> None:
        tables = tables_in(_read(path))
        if dry_run:
            tables = {
                dataset: [{**rule, "dry_run": True} for rule in rules]
                for dataset, rules in tables.items()
            }
        self.rules = Rules(tables, key=EXAMPLE_KEY)
        self._names = [rule["name"] for rules in tables.values() for rule in rules]
        self._effects: Counter[tuple[str, str]] = Counter()
        self._events = 0

    def count(self, outcome: Outcome) -> None:
        """Note what became of one more event."""
        self._events += 1
        if not isinstance(outcome, Rejected):
            self._effects.update((e.rule, VERBS.get(e.kind, e.kind)) for e in outcome.effects)

    def summary(self) -> Iterator[str]:
        """A line for all events, and one a rule: ``quiet-flows would drop 12``."""
        yield f"dry run over {self._events} events; documents are as without rules"
        for name in self._names:
            did = [f"{verb} {n}" for (rule, verb), n in self._effects.items() if rule == name]
            yield f"  {name} {', '.join(did) or 'would do nothing'}"


def _read(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError("rules_unreadable", f"{path}: {error}") from error
