"""Fields are declared once; mapping, docs and tests read the declaration."""

from pathlib import Path

import pytest

from logcore import fields
from logcore.fields import Field, field_types, mapping, read_fields, shared_fields, undeclared
from logcore.registry import SOURCES

EVERY = (*shared_fields(), *(f for s in SOURCES for f in fields.source_fields(s.name)))
KNOWN_TYPES = frozenset(
    {"boolean", "date", "flat_object", "float", "geo_point", "ip", "keyword", "long"}
    | {"match_only_text"}
)


def field(name: str, kind: str = "keyword") -> Field:
    return Field(name=name, type=kind, about="")


def test_every_declaration_has_a_type_opensearch_knows_and_says_what_it_holds() -> None:
    assert {declared.type for declared in EVERY} <= KNOWN_TYPES
    assert [d.name for d in EVERY if not d.about.endswith(".") or not d.example] == []


def test_no_field_is_declared_twice() -> None:
    names = [declared.name for declared in EVERY]

    assert sorted(names) == sorted(set(names))


def test_no_field_holds_another() -> None:
    names = {declared.name for declared in EVERY}
    parents = {name.rpartition(".")[0] for name in names}

    assert names & parents == set()


def test_a_mapping_nests_by_the_dots() -> None:
    assert mapping((field("source.ip", "ip"), field("source.as.number", "long"))) == {
        "source": {
            "properties": {
                "ip": {"type": "ip"},
                "as": {"properties": {"number": {"type": "long"}}},
            }
        }
    }


def test_keywords_are_bounded_and_the_original_line_is_not_indexed() -> None:
    mapped = mapping((field("user.name"), field("event.original")))

    assert mapped["user"]["properties"]["name"] == {"type": "keyword", "ignore_above": 1024}
    assert mapped["event"]["properties"]["original"] == {
        "type": "keyword",
        "index": False,
        "doc_values": False,
    }


def test_undeclared_leaves_are_found_at_every_depth_but_not_inside_a_flat_object() -> None:
    types = field_types(field("a.b"), field("raw", "flat_object"))
    document = {"a": {"b": 1, "c": {"d": 2}}, "raw": {"x": {"y": 1}}, "e": 3}

    assert undeclared(document, types) == ["a.c.d", "e"]


def test_an_object_where_a_scalar_is_declared_counts_as_undeclared() -> None:
    assert undeclared({"a": {"b": 1}}, field_types(field("a"))) == ["a.b"]


def test_a_scalar_where_a_flat_object_is_declared_is_left_to_its_type() -> None:
    assert undeclared({"raw": 1}, field_types(field("raw", "flat_object"))) == []


def test_declarations_are_read_in_their_order_with_dotted_names(tmp_path: Path) -> None:
    file = tmp_path / "fields.toml"
    file.write_text(
        '["@timestamp"]\ntype = "date"\nabout = "When."\n'
        '[event.type]\ntype = "keyword"\nabout = "What."\nexample = 7\n'
    )

    assert read_fields(file) == (
        Field(name="@timestamp", type="date", about="When."),
        Field(name="event.type", type="keyword", about="What.", example="7"),
    )


def test_a_declaration_without_a_description_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "fields.toml"
    file.write_text('[a.b]\ntype = "ip"\n')

    with pytest.raises(Exception, match=r"fields\.toml.*a\.b has a type and no about"):
        read_fields(file)
