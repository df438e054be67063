"""A table means what its plain reading gives, and its compiled function writes just that."""

import json
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from logcore.codec import Json, Plain
from logcore.mapping import (
    MALFORMED,
    RAW,
    At,
    First,
    Given,
    Judged,
    Of,
    Table,
    When,
    compiled,
    read,
)

PLACE = Given("place", str | None)
HIDDEN = "withheld"


class Name(NamedTuple):
    """A name and its words."""

    first: str | None
    words: tuple[str, ...]


def split(name: str | None) -> Name:
    words = (name or "").split()
    return Name(words[0] if words else None, tuple(words))


def number(value: object, name: str, malformed: list[str]) -> int | None:
    if type(value) is int:
        return value
    malformed.append(name)
    return None


def digits(value: str, name: str, malformed: list[str]) -> int | None:
    return number(int(value) if value.isdecimal() else None, name, malformed)


def is_truth(value: object, malformed: list[str]) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    malformed.append("truth")
    return None


def known(parts: dict[str, Any]) -> list[str] | None:
    return sorted(parts) or None


def upper(text: str | None) -> str | None:
    return text.upper() if text else None


def shown(place: str | None) -> Json:
    return Json(json.dumps({"at": place})) if place else Json("")


def first_of(items: list[Any]) -> str | None:
    return next((item for item in items if isinstance(item, str)), None)


name = Of(split, At("user.name"))
TABLE: Table = {
    "constant": {"text": 'it\'s {a} "quote" \\ é', "list": ["a"], "number": 7, "true": True},
    "text": At("text"),
    "either": First(At("user.alias"), Of(upper, At("text")), PLACE),
    "number": At("size", number),
    "truth": Of(is_truth, At("flags.on", object), MALFORMED),
    "user": {"first": name.first, "words": name.words, "deep": {"er": At("user.a.b.c")}},
    "when": When(At("text"), {"always": 1, "id": At("id-with.dots and blanks")}),
    "object": Of(known, At("parts", dict)),
    "within": Of(upper, At("text", of=At("inner", dict))),
    "item": Of(first_of, At("items", list)),
    "once": [name.first, At("text"), At("id")],
    "each": [name.words, Of(known, At("parts", dict)), At("id")],
    "json": Of(shown, PLACE),
    "raw": RAW,
}
GROUPS = (("user",), ("text", "flags", "parts"), (At("id"),))
ONE = compiled(TABLE, "whole", "place", absent=("", HIDDEN))
GROUPED = compiled(TABLE, "whole", "place", absent=("", HIDDEN), recurring=GROUPS)
NESTED = compiled(
    TABLE, "whole", "place", absent=("", HIDDEN), recurring=((*GROUPS[:2], PLACE), GROUPS[2])
)

TEXT = st.sampled_from(["", "a", "b c", HIDDEN, "\"'{}\\\n\x00é😀"]) | st.text(max_size=4)
KEYS = st.sampled_from(["name", "alias", "a", "b", "c", "on", "text", "x", "z"])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["name", "alias", "a", "b", "c", "on", "text", "x", "z"]), inner
        )
    ),
    max_leaves=6,
)
RECORD = st.dictionaries(
    st.sampled_from(["text", "size", "flags", "user", "parts", "inner", "items", "id", "id-with"]),
    VALUE,
    min_size=1,
)
calmly = settings(deadline=None, max_examples=400, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("written", [ONE, GROUPED, NESTED], ids=["one", "grouped", "nested"])
@calmly
@given(raw=RECORD, place=st.sampled_from(["", "here"]))
@example(raw={"text": "a", "user": {"name": "a b"}, "size": 3, "id": "a"}, place="here")
@example(raw={"flags": {"on": 1}}, place="")
@example(raw={"flags": {"on": True}}, place="")
def test_the_compiled_function_writes_what_is_read_or_steps_back(
    written: Any, raw: dict[str, Any], place: str
) -> None:
    expected = read(TABLE, raw, absent=("", HIDDEN), place=place)
    whole = json.dumps(raw)
    found = written.write(raw, whole, place)

    if found is not None:
        assert json.loads(found) == expected
    if "pipeline" in expected:
        assert found is None


def test_a_regular_record_is_written() -> None:
    raw = {"text": "hello", "size": 3, "user": {"name": "Ada L"}, "flags": {"on": True}}
    expected = read(TABLE, raw, place="here")

    for written in (ONE, GROUPED, NESTED):
        found = written.write(raw, json.dumps(raw), "here")
        assert json.loads(found or b"") == expected


def test_what_is_absent_is_left_out_with_the_objects_it_leaves_empty() -> None:
    table: Table = {"a": {"b": {"c": At("x")}}, "d": At("y"), "e": "stays"}

    assert read(table, {"x": "", "y": 7}) == {"e": "stays"}
    assert read(table, {"x": "text"}) == {"a": {"b": {"c": "text"}}, "e": "stays"}


def test_a_malformed_value_costs_its_field_and_is_named_once() -> None:
    table: Table = {"one": At("a.size", number), "two": {"again": At("a.size", number)}}

    assert read(table, {"a": {"size": "big"}}) == {"pipeline": {"malformed": ["size"]}}


@pytest.mark.parametrize("recurring", [(), (("size",),)], ids=["one", "grouped"])
def test_a_value_judged_alone_is_written_or_left_to_the_reading(recurring: Any) -> None:
    def whole(value: str) -> int | None:
        return int(value) if value.isdecimal() else None

    table: Table = {"size": At("size", Judged(whole)), "name": At("name")}
    written = compiled(table, columns=("size", "name"), recurring=recurring)

    assert json.loads(written.write(["7", "a"]) or b"") == {"size": 7, "name": "a"}
    assert written.write(["big", "a"]) is None
    assert read(table, {"size": "7", "name": "a"}) == {"size": 7, "name": "a"}
    assert read(table, {"size": "big"}) == {"pipeline": {"malformed": ["size"]}}


def test_the_record_itself_keeps_what_is_empty_in_it() -> None:
    raw: dict[str, Any] = {"a": None, "b": {}, "c": []}

    assert read({"raw": RAW}, raw) == {"raw": raw}


def test_an_expression_is_evaluated_once_however_often_it_stands_there() -> None:
    calls: list[object] = []

    def counted(value: str | None) -> str | None:
        calls.append(value)
        return value

    table: Table = {"a": Of(counted, At("x")), "b": {"c": Of(counted, At("x"))}}
    written = compiled(table)

    written.write({"x": "1"})
    assert calls == ["1"]
    read(table, {"x": "2"})
    assert calls == ["1", "2"]


def test_what_depends_on_a_recurring_group_alone_is_made_once_for_its_values() -> None:
    calls: list[object] = []

    def counted(value: str | None) -> str | None:
        calls.append(value)
        return value

    table: Table = {"a": Of(counted, At("x.y")), "b": At("z")}
    written = compiled(table, recurring=[("x",)])

    for z in ("1", "2", "3"):
        found = written.write({"x": {"y": "same"}, "z": z})
        assert json.loads(found or b"") == {"a": "same", "b": z}
    assert calls == ["same"]


def test_a_group_of_groups_asks_only_those_whose_values_are_new() -> None:
    calls: list[object] = []

    def counted(value: str | None) -> str | None:
        calls.append(value)
        return value

    table: Table = {"a": Of(counted, At("x.y")), "b": {"c": Of(counted, At("z")), "d": At("e")}}
    written = compiled(table, recurring=[(("x",), ("z",))])

    for x, z in (("1", "2"), ("1", "3"), ("4", "3"), ("1", "2"), ("4", "2")):
        found = written.write({"x": {"y": x}, "z": z, "e": "5"})
        assert json.loads(found or b"") == {"a": x, "b": {"c": z, "d": "5"}}
    assert sorted(map(str, calls)) == ["1", "2", "3", "4"]


def test_what_is_made_of_an_object_of_a_recurring_group_is_made_once_for_its_values() -> None:
    calls: list[object] = []

    def counted(parts: dict[str, Any], items: list[Any]) -> int:
        calls.append(parts)
        return len(parts) + len(items)

    table: Table = {"a": Of(counted, At("x", dict), At("x.y", list)), "b": At("z")}
    written = compiled(table, recurring=[("x",)])

    for z in ("1", "2", "3"):
        found = written.write({"x": {"y": [7]}, "z": z})
        assert json.loads(found or b"") == {"a": 2, "b": z}
    assert calls == [{"y": [7]}]


def test_what_depends_on_a_value_too_long_to_be_remembered_is_made_each_time() -> None:
    calls: list[object] = []

    def counted(value: str | None) -> str | None:
        calls.append(value)
        return value

    short, long = "short", "long" * 1_000
    written = compiled({"a": Of(counted, At("x"))}, recurring=[("x",)])

    for value in (short, long, short, long):
        assert json.loads(written.write({"x": value}) or b"") == {"a": value}
    assert calls == [short, long, long]


@pytest.mark.parametrize("recurring", [(), (("x",),)], ids=["one", "grouped"])
def test_a_list_has_each_value_of_the_lists_in_it_once(recurring: Any) -> None:
    table: Table = {"a": [name.words, At("x"), Of(known, At("y", dict))]}
    written = compiled(table, recurring=recurring)

    for raw, expected in (
        ({"user": {"name": "b c"}, "x": "c", "y": {"d": 1, "b": 2}}, {"a": ["b", "c", "d"]}),
        ({"y": {"d": 1}}, {"a": ["d"]}),
        ({}, {}),
    ):
        assert read(table, raw) == expected
        assert json.loads(written.write(raw) or b"") == expected


def test_a_number_is_no_truth_value_even_where_python_holds_them_equal() -> None:
    table: Table = {"on": Of(is_truth, At("on", object), MALFORMED)}
    written = compiled(table, recurring=[("on",)])

    assert written.write({"on": True}) == b'{"on":true}'
    assert written.write({"on": 1}) is None
    assert written.write({"on": True}) == b'{"on":true}'


COLUMNS = ("size", "name", "note")
FLOW: Table = {
    "size": At("size", digits),
    "raw": {column: At(column) for column in (*COLUMNS, "missing")},
    "lost": {"deeper": Of(upper, At("missing"))},
    "name": Of(upper, At("name")),
    "once": [At("name"), At("note"), At("missing")],
}


@calmly
@given(values=st.tuples(st.sampled_from(["7", "0", "x"]), TEXT, TEXT))
def test_columns_are_written_as_they_are_read(values: tuple[str, ...]) -> None:
    written = compiled(FLOW, columns=COLUMNS)
    found = written.write(list(values))
    expected = read(FLOW, dict(zip(COLUMNS, values, strict=True)), absent=())

    assert (found is None) == ("pipeline" in expected)
    if found is not None and all(values):
        assert json.loads(found) == expected


def test_a_column_that_is_not_there_leaves_no_trace_in_the_function() -> None:
    assert "missing" not in compiled(FLOW, columns=COLUMNS).source


def mark(_value: str | None) -> Plain:
    return Plain("plain")


@pytest.mark.parametrize(
    ("table", "is_escaped"),
    [
        ({"a": At("size", digits), "b": At("size"), "c": Of(mark, At("name"))}, False),
        ({"a": At("name")}, True),
        ({"a": Of(upper, At("name"))}, True),
    ],
)
def test_only_texts_that_nobody_has_judged_are_escaped(table: Table, *, is_escaped: bool) -> None:
    assert ("dump(" in compiled(table, columns=COLUMNS).source) is is_escaped


@pytest.mark.parametrize("character", [*map(chr, range(0x20)), *'"\\\x7f\u2028é😀{}'])
def test_one_text_that_needs_an_escape_is_escaped_wherever_it_stands(character: str) -> None:
    table: Table = {"a": At("a"), "b": {"c": At("b")}, "d": Of(upper, At("c"))}
    written = compiled(table)
    for key in "abc":
        raw = {"a": "plain", "c": "é"} | {key: character}
        found = written.write(raw)

        assert json.loads(found or b"") == read(table, raw)


def test_half_a_surrogate_is_left_to_the_reading() -> None:
    written = compiled({"a": At("a")})

    assert written.write({"a": "\ud800"}) is None


def test_what_was_generated_can_be_read() -> None:
    source = compiled({"a": Of(upper, At("user.name"))}, "place").source

    assert "def write(raw, place):" in source
    assert "upper(" in source
    assert "get('user')" in source
