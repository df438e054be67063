"""All rules of a deployment, checked and compiled per dataset."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from logcore.errors import ConfigurationError
from logcore.fields import field_types, shared_fields, source_fields
from logcore.record import Document
from logcore.registry import REJECTS, SOURCES
from logcore.rules.errors import nearest, refused
from logcore.rules.rule import Decision, Removal, compiled
from logcore.rules.ruleset import Ruleset
from logcore.rules.schema import Schema
from logcore.rules.stand_ins import MASK

ALL: Final = "*"
"""Stands for every dataset. Its rules come after the dataset's own."""

SHOWN_OF_A_REJECT: Final = ("event", "original"), ("error", "message")
"""What of a reject's document repeats the record."""

type Table = Mapping[str, Any]
"""One rule as written: ``{"name": ..., "action": ..., "when": ...}``."""


class Rules:
    """The rules of a deployment.

    Args:
        tables: Rules per dataset, in order; ``*`` for every dataset.
        key: Key of redacted values' hashes; ``None`` when there is none.

    Raises:
        ConfigurationError: a rule cannot work; names its dataset, itself and what it expected.
    """

    def __init__(self, tables: Mapping[str, Sequence[Table]], *, key: bytes | None = None) -> None:
        for dataset in tables:
            _check_dataset(dataset)
        _check_names(tables)
        shared = tables.get(ALL, ())
        for number, rule in enumerate(shared):
            _located(ALL, number, rule, _schema(ALL), key)
        self._by_dataset = {
            source.dataset: _ruleset(source.dataset, tables.get(source.dataset, ()), shared, key)
            for source in SOURCES
            if shared or tables.get(source.dataset)
        }
        self._by_source = {
            source.name: self._by_dataset[source.dataset]
            for source in SOURCES
            if source.dataset in self._by_dataset
        }

    def of(self, dataset: str) -> Ruleset | None:
        """The rules of a dataset; ``None`` when it has none, so that it pays for none."""
        return self._by_dataset.get(dataset)

    def on_reject(self, document: Document, source: str) -> Document:
        """The document of a reject, without its text where its source's documents are redacted.

        A record that could not be parsed has no fields to redact, so all of its text goes. What
        reached no source may be of any.

        Args:
            document: What ``logcore.rejects.reject_document`` made.
            source: Name of the source that refused the record.
        """
        asked = [self._by_source[source]] if source in self._by_source else self._any_of(source)
        if not any(ruleset.redacts for ruleset in asked):
            return document
        covered = {
            f"{parent}.{leaf}": {**document[parent], leaf: MASK}
            for parent, leaf in SHOWN_OF_A_REJECT
            if leaf in document.get(parent, {})
        }
        parents = {name.partition(".")[0]: part for name, part in covered.items()}
        pipeline = {**document.get("pipeline", {}), "redacted": list(covered)}
        return {**document, **parents, "pipeline": pipeline}

    def _any_of(self, source: str) -> Sequence[Ruleset]:
        known = any(source == each.name for each in SOURCES)
        return () if known else tuple(self._by_dataset.values())


def tables_in(config: Mapping[str, Any]) -> dict[str, list[Table]]:
    """The rules of a deployment's configuration: ``datasets.<name>.rules``.

    Raises:
        ConfigurationError: rules are no list of tables.
    """
    return {name: _tables(name, section) for name, section in _sections(config)}


def _sections(config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    datasets = config.get("datasets", {})
    for name, section in datasets.items() if isinstance(datasets, Mapping) else ():
        if isinstance(section, Mapping) and "rules" in section:
            yield name, section


def _tables(dataset: str, section: Mapping[str, Any]) -> list[Table]:
    tables = section["rules"]
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise refused(f'expected [[datasets."{dataset}".rules]] tables, found {tables!r}')
    return tables


def _check_dataset(dataset: str) -> None:
    if dataset == REJECTS:
        raise refused(f'datasets."{dataset}".rules: no rule is asked about a reject')
    known = [ALL, *(source.dataset for source in SOURCES)]
    if dataset not in known:
        near = nearest(dataset, known)
        raise refused(f'datasets."{dataset}".rules: expected one of {", ".join(known)}{near}')


def _check_names(tables: Mapping[str, Sequence[Table]]) -> None:
    """A name says which rule it was, in counts and on the command line; so it is there once."""
    seen: dict[object, str] = {}
    for dataset, rules in tables.items():
        for rule in rules:
            name = str(rule.get("name"))
            if name in seen:
                where = f'datasets."{dataset}".rules'
                raise refused(f'{where}: {name!r} is a rule of "{seen[name]}" already')
            seen[name] = dataset


def _schema(dataset: str) -> Schema:
    fields = shared_fields()
    for source in SOURCES:
        if source.dataset == dataset:
            fields += source_fields(source.name)
    return Schema(dataset, field_types(*fields))


def _ruleset(
    dataset: str, own: Sequence[Table], shared: Sequence[Table], key: bytes | None
) -> Ruleset:
    schema = _schema(dataset)
    rules = [_located(dataset, n, rule, schema, key) for n, rule in enumerate(own)]
    rules += [_located(ALL, n, rule, schema, key) for n, rule in enumerate(shared)]
    return Ruleset(rules, schema)


def _located(
    dataset: str, number: int, rule: Table, schema: Schema, key: bytes | None
) -> Decision | Removal:
    """The compiled rule; where it cannot be, the error says which rule of which dataset."""
    try:
        return compiled(rule, schema, key)
    except ConfigurationError as error:
        which = repr(rule["name"]) if "name" in rule else f"number {number + 1}"
        detail = f'datasets."{dataset}".rules, {which}: {error.detail}'
        raise ConfigurationError(error.reason, detail) from error
