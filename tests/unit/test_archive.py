"""An archived object gives back exactly the payloads that went in."""

import gzip
import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logcore.archive import split_archive
from logcore.errors import PayloadError

MEMBERS = st.binary(max_size=300).map(gzip.compress)
EVENTS = st.dictionaries(
    st.text(max_size=5), st.text(max_size=20) | st.integers() | st.lists(st.none())
).map(lambda event: json.dumps(event, ensure_ascii=False).encode())


@settings(deadline=None)
@given(st.lists(MEMBERS | EVENTS, max_size=8))
def test_payloads_of_both_kinds_come_back_in_order(payloads: list[bytes]) -> None:
    assert list(split_archive(b"".join(payloads))) == payloads


@settings(deadline=None)
@given(st.lists(MEMBERS | EVENTS, max_size=5))
def test_line_ends_between_payloads_do_not_matter(payloads: list[bytes]) -> None:
    assert list(split_archive(b"\n".join(payloads))) == payloads


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 400_000])
def test_payloads_of_any_size_come_back(size: int) -> None:
    noise = bytes(left * right % 251 for left, right in pairwise(range(size + 1)))
    payloads = [gzip.compress(noise, 0), b'{"a":"' + b"e" * size + b'"}', gzip.compress(b"end")]

    assert list(split_archive(b"".join(payloads))) == payloads


def test_braces_in_text_do_not_end_an_object() -> None:
    payloads = [b'{"a":"}{\\"}"}', '{"é":{"b":"😀"}}'.encode()]

    assert list(split_archive(b"".join(payloads))) == payloads


@pytest.mark.parametrize(
    "broken",
    [
        gzip.compress(b"hello" * 100)[:-3],
        gzip.compress(b"hello" * 100)[:12] + b"\xff" * 20,
        b'{"a": "cut',
        b'{"a" 1}',
        b"neither",
        b"\x1f",
    ],
)
def test_what_is_cut_or_unknown_is_named_with_its_offset(broken: bytes) -> None:
    whole = gzip.compress(b"before")
    payloads = split_archive(whole + broken)

    assert next(payloads) == whole
    with pytest.raises(PayloadError, match=f"at byte {len(whole)}:") as caught:
        next(payloads)
    assert caught.value.reason == "archive_unreadable"


def test_an_empty_object_holds_no_payload() -> None:
    assert list(split_archive(b"")) == []
