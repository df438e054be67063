"""The rules of one dataset: what becomes of a document under them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from logcore.record import Document, Effect
from logcore.rules.copies import Copies
from logcore.rules.rule import Decision, Removal
from logcore.rules.sampling import is_kept
from logcore.rules.schema import Schema


class Verdict(NamedTuple):
    """What became of a document.

    Attributes:
        document: It, redacted; meaningless when it is dropped.
        dropped_by: The rule that dropped it; empty when it stays.
        effects: What else rules did to it, or would have done.
    """

    document: Document
    dropped_by: str = ""
    effects: tuple[Effect, ...] = ()


class Ruleset:
    """Applies the rules of one dataset. Never raises on a document.

    All conditions are asked of the document as it came. The first ``drop`` or ``sample`` rule that
    holds decides; then every ``redact`` rule that holds applies, in order.
    """

    def __init__(self, rules: Sequence[Decision | Removal], schema: Schema) -> None:
        self._decisions = [rule for rule in rules if isinstance(rule, Decision)]
        self._removals = [rule for rule in rules if isinstance(rule, Removal)]
        self._schema = schema

    @property
    def redacts(self) -> bool:
        """Whether a rule that is in force redacts anything."""
        return any(not removal.dry_run for removal in self._removals)

    def __call__(self, document: Document) -> Verdict:
        """Decide on one document, which must have its ``event.id``."""
        effects: list[Effect] = []
        decision = self._decision(document, effects)
        if decision and not is_kept(document["event"]["id"], decision.rate):
            return Verdict(document, decision.name, tuple(effects))
        if self._removals:
            document = self._redacted(document, effects)
        if decision and decision.rate < 1:
            pipeline = document.get("pipeline", {})
            weight = {"sample_weight": 1 / decision.rate}
            document = {**document, "pipeline": {**pipeline, **weight}}
        return Verdict(document, "", tuple(effects))

    def _decision(self, document: Document, effects: list[Effect]) -> Decision | None:
        """The rule in force that decides; notes what the first rule would do if it only counts.

        What comes after the first one would not be asked if it were in force, so that the counts
        of a dry run add up like those of the rules themselves.
        """
        first = True
        for rule in self._decisions:
            if not rule.holds(document):
                continue
            if not rule.dry_run:
                return rule
            if first and not is_kept(document["event"]["id"], rule.rate):
                effects.append(Effect("would_drop", rule.name))
            first = False
        return None

    def _redacted(self, document: Document, effects: list[Effect]) -> Document:
        values: dict[str, Any] = {}
        names: list[str] = []
        original = document
        for rule in self._removals:
            if not rule.holds(original):
                continue
            if rule.dry_run:
                found: list[str] = []
                rule.redact(original, {}, found)
                effects += [Effect("would_redact", rule.name)] if found else []
                continue
            before = len(names)
            document = rule.redact(document, values, names)
            effects += [Effect("redacted", rule.name)] if len(names) > before else []
        if not names:
            return original
        if values:
            document = Copies(values, self._schema).replaced(document, names)
        redacted = {"redacted": list(dict.fromkeys(names))}
        return {**document, "pipeline": {**document.get("pipeline", {}), **redacted}}
