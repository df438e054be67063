"""A payload without an envelope is lines of one source, or nobody's."""

import pytest

from logcore.normalise import Normaliser
from logcore.record import Accepted, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.transports import plain_text

NORMALISE = Normaliser(Routing(SOURCES))
FLOW = (
    "2 222222222222 eni-0123456789abcdef0 203.0.113.12 10.0.1.5 49152 22 6 20 4249"
    " 1772366400 1772366460 ACCEPT OK"
)


def test_each_line_is_a_record_and_empty_ones_are_none() -> None:
    records = plain_text.records(b"one\r\n\ntwo\nthree")

    assert [record.message for record in records] == ["one", "two", "three"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe", b"a\0b"])
def test_what_is_no_text_has_no_lines(data: bytes) -> None:
    assert plain_text.records(data) == []


def test_the_first_line_decides_whose_lines_they_are() -> None:
    """The second is rejected by its source, so nothing of the payload is lost."""
    first, second = NORMALISE.payload(f"{FLOW}\nsomething else\n".encode())

    assert isinstance(first, Accepted)
    assert isinstance(second, Rejected)
    assert (first.source, second.source) == ("vpc_flow", "vpc_flow")
    assert second.reason == "column_count"


def test_lines_that_nobody_recognises_are_one_reject_with_the_payload_whole() -> None:
    (outcome,) = NORMALISE.payload(f"something else\n{FLOW}\n".encode())

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "payload_unreadable"
