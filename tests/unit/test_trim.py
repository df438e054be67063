"""No term may pass Lucene's limit, no nest the writer's; everything shorter stays untouched."""

from typing import Any

import pytest

from logcore.codec import dump_json
from logcore.trim import (
    DEEPEST,
    LONGEST_KEY,
    LONGEST_TERM,
    MARK,
    may_need_trimming,
    trimmed,
)

ROOT = "generic"
PATH = "generic.body"
ROOM = LONGEST_TERM - len(f"{ROOT}._valueAndPath=") - 1 - len(PATH)


def body(value: Any) -> dict[str, Any]:
    return {"generic": {"body": value}}


@pytest.mark.parametrize("text", ["x" * ROOM, "é" * (ROOM // 2), "😀" * (ROOM // 4)])
def test_a_value_whose_longest_term_just_fits_is_kept_whole(text: str) -> None:
    document, cuts = trimmed(body(text), ROOT)

    assert document == body(text)
    assert cuts == []


def test_one_byte_more_is_cut_to_the_limit_and_marked() -> None:
    document, cuts = trimmed(body("x" * (ROOM + 1)), ROOT)
    found = document["generic"]["body"]

    assert found.endswith(MARK)
    assert len(found.encode()) == ROOM
    assert cuts == [PATH]


@pytest.mark.parametrize("letter", ["é", "€", "😀"])
def test_a_cut_never_splits_a_character(letter: str) -> None:
    document, _ = trimmed(body(letter * LONGEST_TERM), ROOT)
    found = document["generic"]["body"].removesuffix(MARK)

    assert set(found) == {letter}
    assert ROOM - len(MARK.encode()) - len(found.encode()) < len(letter.encode())


def test_every_long_value_of_a_list_is_cut_and_the_rest_kept() -> None:
    document, cuts = trimmed(body(["a", "x" * 40_000, 7, None]), ROOT)
    first, long, number, nothing = document["generic"]["body"]

    assert (first, number, nothing) == ("a", 7, None)
    assert len(long) < LONGEST_TERM
    assert cuts == [PATH]


def test_a_long_key_is_cut_with_its_value_kept() -> None:
    document, cuts = trimmed({"generic": {"k" * 600: "v"}}, ROOT)
    ((key, value),) = document["generic"].items()

    assert (len(key.encode()), value) == (LONGEST_KEY, "v")
    assert cuts == [f"generic.{key}"]


def test_long_keys_on_the_way_leave_less_room_for_the_value() -> None:
    document: dict[str, Any] = {"v": "x" * 32_000}
    for _ in range(10):
        document = {"k" * 500: document}
    document, cuts = trimmed({"generic": document}, ROOT)
    (path,) = cuts
    value = document["generic"]
    for key in path.split(".")[1:]:
        value = value[key]

    assert len(f"{ROOT}._valueAndPath={path}={value}".encode()) <= LONGEST_TERM


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"end": 1}
    for _ in range(levels - 1):
        value = {"in": value}
    return value


def test_the_deepest_level_that_fits_is_kept() -> None:
    document, cuts = trimmed(nested(DEEPEST), ROOT)

    assert document == nested(DEEPEST)
    assert cuts == []


def test_what_lies_deeper_becomes_text() -> None:
    document, cuts = trimmed(nested(DEEPEST + 1), ROOT)
    value: Any = document
    for _ in range(DEEPEST):
        value = value["in"]

    assert value == '{"end":1}'
    assert len(cuts) == 1


def test_what_no_writer_can_follow_can_be_written_after_trimming() -> None:
    document, _ = trimmed(nested(900), ROOT)

    assert dump_json(document)


@pytest.mark.parametrize(
    ("message", "needed"),
    [
        ("x" * 7_999, False),
        ("😀" * 8_000, True),
        ("[" * DEEPEST + "]" * DEEPEST, True),
        ("[" * DEEPEST + "]" * (DEEPEST - 1), False),  # too short to be closed
        ("{" * (DEEPEST - 1) + "}" * DEEPEST, False),
        (r'{"log": "' + r"\u007b" * 20 + r"\u007d" * 20 + '"}', True),  # a line within a line
    ],
)
def test_only_messages_that_could_hold_too_much_are_looked_at(
    message: str, *, needed: bool
) -> None:
    assert may_need_trimming(message) is needed


@pytest.mark.parametrize("between", ["", "x", "é", "😀", "\ud800", '"', " : "])
@pytest.mark.parametrize("openers", ["{", "[", "{["])
def test_every_opener_counts_whatever_stands_between_them(openers: str, between: str) -> None:
    fewest = DEEPEST // len(openers)
    nest = [f"{openers}{between}"] * fewest

    assert may_need_trimming("".join(nest).ljust(2 * DEEPEST))
    assert not may_need_trimming("".join(nest[1:]).ljust(2 * DEEPEST))


def test_a_message_too_short_to_be_looked_at_cannot_hold_a_term_too_long() -> None:
    longest = next(n for n in range(LONGEST_TERM) if may_need_trimming("😀" * n)) - 1

    assert len(("😀" * longest).encode()) < ROOM
