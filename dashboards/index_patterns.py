"""Index patterns from the field declarations, so that no field is known by a guess.

Reference: https://docs.opensearch.org/latest/dashboards/management/index-patterns/
"""

from pathlib import Path
from typing import Any

from dashboards.model import DashboardError
from logcore import fields as declarations
from logcore.fields import Field
from logcore.source import SHARED_HOME

EVERYTHING = "*"
"""The dataset that stands for all of them."""

REJECTS = "pipeline.rejects"
"""Dataset of the documents that stand for rejected records; it fills the shared fields alone."""

SHOWN_AS = {  # OpenSearch field type: (type in OpenSearch Dashboards, aggregatable)
    "keyword": ("string", True),
    "wildcard": ("string", True),
    "text": ("string", False),
    "match_only_text": ("string", False),
    "flat_object": ("string", False),
    "ip": ("ip", True),
    "date": ("date", True),
    "boolean": ("boolean", True),
    "byte": ("number", True),
    "short": ("number", True),
    "integer": ("number", True),
    "long": ("number", True),
    "half_float": ("number", True),
    "float": ("number", True),
    "double": ("number", True),
    "scaled_float": ("number", True),
    "geo_point": ("geo_point", True),
}

META = (  # what every document has: name, type, searchable, aggregatable
    ("_id", "string", True, True),
    ("_index", "string", True, True),
    ("_score", "number", False, False),
    ("_source", "_source", False, False),
)

BYTES = {"id": "bytes"}
TIME = {"id": "date"}
PLAIN_NUMBER = {"id": "number", "params": {"pattern": "0"}}  # a port is not 22,222
NANOSECONDS = {  # unit of event.duration in ECS
    "id": "duration",
    "params": {"inputFormat": "nanoseconds", "outputFormat": "humanize"},
}
FORMATS = {  # last name of a numeric field: how its numbers are shown
    "bytes": BYTES,
    "duration": NANOSECONDS,
    "pid": PLAIN_NUMBER,
    "port": PLAIN_NUMBER,
    "status_code": PLAIN_NUMBER,
}


def object_id(dataset: str) -> str:
    """Id of a dataset's index pattern: its own indices, such as ``logs-aws.cloudtrail-*``."""
    return "logs-*" if dataset == EVERYTHING else f"logs-{dataset}-*"


def title(dataset: str) -> str:
    """The indices that may hold a dataset: its own, and those that datasets share."""
    own = object_id(dataset)
    return own if dataset == EVERYTHING else f"{own},logs-{SHARED_HOME}-*"


def query(dataset: str, kql: str = "") -> str:
    """KQL for the dataset's documents alone, which may stand among others, and for ``kql``."""
    if dataset == EVERYTHING:
        return kql
    ours = f'event.dataset : "{dataset}"'
    return f"{ours} and ({kql})" if kql else ours


def datasets() -> tuple[str, ...]:
    """Every dataset by name, rejects included."""
    return (*sorted(_sources_by_dataset()), REJECTS)


def declared(dataset: str) -> tuple[Field, ...]:
    """The fields that a dataset may fill, sorted by name.

    Raises:
        DashboardError: no source has such a dataset; lists the known ones.
    """
    sources = _sources_by_dataset()
    known = {EVERYTHING: list(sources.values()), REJECTS: []}
    known |= {name: [source] for name, source in sources.items()}
    if dataset not in known:
        raise DashboardError(f'dataset "{dataset}"; expected one of {", ".join(known)}')
    added = [field for source in known[dataset] for field in declarations.source_fields(source)]
    by_name = {field.name: field for field in (*declarations.shared_fields(), *added)}
    return tuple(by_name[name] for name in sorted(by_name))


def _sources_by_dataset() -> dict[str, str]:
    """Source by dataset: a source keeps what ECS has no name for in a field named so."""
    files = Path(declarations.__file__).parent.glob("sources/*/fields.toml")
    return {
        field.name: file.parent.name
        for file in sorted(files)
        for field in declarations.source_fields(file.parent.name)
        if field.type == "flat_object"
    }


def field_entry(field: Field) -> dict[str, Any]:
    """How an index pattern describes one declared field.

    Raises:
        ValueError: the field's type has no counterpart; names the field.
    """
    if field.type not in SHOWN_AS:
        raise ValueError(f"{field.name}: type {field.type}; expected one of {', '.join(SHOWN_AS)}")
    kind, aggregatable = SHOWN_AS[field.type]
    mapped = _mapped(field)
    stored = mapped.get("doc_values", True)
    return _entry(
        field.name,
        kind,
        field.type,
        searchable=mapped.get("index", True),
        aggregatable=aggregatable and stored,
    )


def entries(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    """The ``fields`` of an index pattern: the declared ones, then those every document has."""
    meta = [
        _entry(name, kind, name, searchable=searchable, aggregatable=aggregatable, stored=False)
        for name, kind, searchable, aggregatable in META
    ]
    return [*map(field_entry, fields), *meta]


def formats(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The ``fieldFormatMap`` of an index pattern: bytes, ports, durations and times made readable.

    A time needs it where it is a number: as the latest of many, say.
    """
    numeric = [field for field in fields if SHOWN_AS.get(field.type, ("",))[0] == "number"]
    ends = {field.name: field.name.rpartition(".")[2] for field in numeric}
    shown = {name: FORMATS[end] for name, end in ends.items() if end in FORMATS}
    return shown | {field.name: TIME for field in fields if field.type == "date"}


def _mapped(field: Field) -> dict[str, Any]:
    """The field's own part of the index mapping, which may switch off search or aggregation."""
    node = {"properties": declarations.mapping((field,))}
    for name in field.name.split("."):
        node = node["properties"][name]
    return node


def _entry(
    name: str,
    kind: str,
    mapped_type: str,
    *,
    searchable: bool,
    aggregatable: bool,
    stored: bool = True,
) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "esTypes": [mapped_type],
        "count": 0,
        "scripted": False,
        "searchable": searchable,
        "aggregatable": aggregatable,
        "readFromDocValues": aggregatable and stored,
    }
