"""A stack trace gives the error that got out, whatever language and logger wrote it."""

import pytest

from logcore.record import Document, LogRecord, Origin
from logcore.sources import generic
from logcore.sources.generic.stack_traces import trace_in

FRAMES = "\n\tat com.example.Shop.pay(Shop.java:7)\n\tat com.example.Shop.main(Shop.java:3)"


def parsed(message: str, group: str = "/apps/shop") -> Document:
    origin = Origin(transport="cloudwatch_logs", log_group=group)
    return generic.parse(LogRecord("0", 1_772_366_470_000, message, origin))


@pytest.mark.parametrize(
    ("lines", "kind", "message"),
    [
        (f"java.io.IOException: disk{FRAMES}", "java.io.IOException", "disk"),
        (f"java.io.IOException: a\n  b: c\nd{FRAMES}", "java.io.IOException", "a\n  b: c\nd"),
        (
            f"10:00 ERROR c.e.Shop - java.io.IOException: disk{FRAMES}",
            "java.io.IOException",
            "disk",
        ),
        ("Uncaught RangeError [ERR_X]: far\n    at a (a.js:1:2)", "RangeError", "far"),
        ("Error: far\n    at async a (file:///a.mjs:1:2)", "Error", "far"),
        ("Error\n    at a (a.js:1:2)", "Error", ""),
        ("System.Exception: far\n   at A.B() in /src/a.cs:line 3", "System.Exception", "far"),
        (
            "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\n",
            "fatal error",
            "all goroutines are asleep - deadlock!",
        ),
        (
            "12:00:00 http: panic serving 192.0.2.1:5: nil map\ngoroutine 3 [running]:\na",
            "panic",
            "nil map",
        ),
        (
            "panic: nil\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 1 [running]:\na",
            "panic",
            "nil\n[signal SIGSEGV: segmentation violation]",
        ),
        (
            "/a.rb:3:in 'A#pay': no card (A::NoCard)\n\tfrom /a.rb:9:in '<main>'",
            "A::NoCard",
            "no card",
        ),
        ("A::NoCard (no card):\n  \napp/a.rb:3:in 'pay'", "A::NoCard", "no card"),
        (
            'ERROR: a {"x":"[object] (A\\NoCard(code: 0): no card at /a.php:1)\n[stacktrace]\n#0',
            "A\\NoCard",
            "no card",
        ),
        (
            'Traceback (most recent call last):\n  File "a", line 1, in a\nKeyboardInterrupt',
            "KeyboardInterrupt",
            "",
        ),
    ],
)
def test_the_error_is_read_from_its_trace(lines: str, kind: str, message: str) -> None:
    found = trace_in(lines)

    assert found is not None
    assert (found.type, found.message) == (kind, message)


@pytest.mark.parametrize(
    "lines",
    [
        "ValueError: no card",
        "    at pay (/app/a.js:1:2)",
        "    at pay (/app/a.js:1:2)\n    at main (/app/a.js:3:4)",
        "\tfrom /a.rb:9:in 'a'\n\tfrom /a.rb:12:in 'b'",
        "#0 /b.php(3): a()\n#1 {main}",
        "Traceback (most recent call last):\n",
        "the order was made:\n  at the desk (3)",
        "Shop: opened\n   at 9:30 in the morning",
        "one line\n",
    ],
)
def test_a_part_of_a_trace_or_any_other_lines_stay_text(lines: str) -> None:
    document = parsed(lines)

    assert "error" not in document
    assert document["message"] == lines


def test_the_trace_begins_where_the_error_does() -> None:
    found = trace_in(f"ERROR could not pay\njava.io.IOException: disk{FRAMES}")

    assert found is not None
    assert found.stack == f"java.io.IOException: disk{FRAMES}"


def test_a_caught_error_keeps_the_level_of_its_line() -> None:
    document = parsed(f"WARN could not pay, trying again\njava.io.IOException: disk{FRAMES}")

    assert document["log"]["level"] == "warn"
    assert document["error"]["type"] == "java.io.IOException"


def test_what_a_logger_says_itself_wins_over_its_trace() -> None:
    line = (
        '{"exception_name": "Refused", "stack_trace": "Traceback (most recent call last):\\n'
        '  File \\"a\\", line 1, in a\\nValueError: no card"}'
    )

    document = parsed(line)

    assert document["error"]["type"] == "Refused"
    assert document["error"]["message"] == "no card"
    assert document["log"]["level"] == "error"


def test_a_stack_that_is_no_trace_makes_no_error() -> None:
    assert "log" not in parsed('{"stack": "production"}')


@pytest.mark.parametrize("broken", ["7}", '"A"', '"A","stack":7}', "[]}"])
def test_a_broken_error_of_lambda_is_still_a_line(broken: str) -> None:
    line = f'2026-03-01T12:00:00Z\tid\tERROR\tInvoke Error\t{{"errorType":{broken}'

    assert parsed(line, "/aws/lambda/shop")["message"] == line
