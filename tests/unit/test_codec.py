"""Codecs: what is accepted and refused, with the fast libraries and without."""

import gzip
import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logcore import codec

TEXTS = [
    *("{}", "[]", "null", "true", '""', '{"a":[1,2.5,"x",null]}', " \n\t{ } ", '"\\u00e9"', "-0"),
    *("9223372036854775807", "9223372036854775808", "18446744073709551616", "-9223372036854775809"),
    *("1e400", "-1e400", "1" * 500, "NaN", "[Infinity,-Infinity]", '"\\ud800"', '{"\\udc00":1}'),
    *('"\\ud83d\\ude00"', "", "{", "{]", "01", "'x'", '{"a":1}x', '{"a":1,"a":2}', "\ufeff{}"),
    *('"\x01"', "[" * 100_000, "nan", "-", "1.", '{"a"', "\u00a0{}"),
]
GZIP = gzip.compress(b"hello " * 100)
PACKED = [
    GZIP,
    GZIP + gzip.compress(b"again"),
    GZIP + b"\0\0",
    GZIP + b"junk",
    GZIP[:-1],
    GZIP[:12],
    GZIP[:-8] + b"\0" * 8,
    GZIP[:14] + b"\xff\xff" + GZIP[16:],
    b"\x1f\x8bxxxxxxxxxxxxxxx",
    b"plain",
    b"",
]
BASE64 = ["aGVsbG8=", "aGVsbG8", "", "aGVs\nbG8=", "====", "a", "%%%%"]

REPORT = """
import json, sys
if sys.argv[1] == "plain":
    for name in ("orjson", "isal", "isal.igzip", "pybase64"):
        sys.modules[name] = None
from logcore import codec
def said(function, argument):
    try:
        return repr(function(argument))
    except ValueError:
        return "refused"
texts, packed, base64 = json.load(sys.stdin)
print(json.dumps([
    [said(codec.parse_json, text) for text in texts],
    [said(codec.gunzip, bytes(data)) for data in packed],
    [said(codec.unbase64, text) for text in base64],
    [str(codec.orjson is None)],
]))
"""


def _report(way: str) -> list[list[str]]:
    question = json.dumps([TEXTS, [list(data) for data in PACKED], BASE64])
    answer = subprocess.run(  # noqa: S603  this interpreter, fixed text
        [sys.executable, "-c", REPORT, way],
        input=question,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[list[str]] = json.loads(answer.stdout)
    return found


def test_the_standard_library_accepts_and_refuses_what_the_fast_libraries_do() -> None:
    *plain, without = _report("plain")
    *fast, _ = _report("fast")

    assert without == ["True"]
    assert plain == fast


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NaN", "NaN"),
        ("[-Infinity]", ["-Infinity"]),
        ("1e400", "1e400"),
        ('"\\ud800"', "\ufffd"),
        ('{"a\\udc00b":1}', {"a\ufffdb": 1}),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        (str(2**64 - 1), 2**64 - 1),
        (str(2**70), float(2**70)),
        (b'"\xff"', "\ufffd"),
    ],
)
def test_what_loggers_write_beyond_the_standard_is_read(text: str, value: object) -> None:
    assert codec.parse_json(text) == value


@pytest.mark.parametrize("text", ["", "{", "plain", "{}{}", "[" * 100_000])
def test_what_is_not_json_is_refused_with_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        codec.parse_json(text)


def test_json_is_one_line_without_blanks() -> None:
    assert codec.dump_json({"a": ["é", None, 1.5], "b": "x\ny"}) == (
        '{"a":["é",null,1.5],"b":"x\\ny"}'.encode()
    )


@pytest.mark.parametrize("data", PACKED[3:9])
def test_a_broken_gzip_is_refused_with_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="gzip"):
        codec.gunzip(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@settings(deadline=None)
@given(JSON)
def test_what_was_read_can_be_written_and_read_again(value: object) -> None:
    read = codec.parse_json(json.dumps(value))

    assert codec.parse_json(codec.dump_json(read)) == read
